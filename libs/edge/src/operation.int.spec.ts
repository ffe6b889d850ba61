import { Controller, Get, Next, Redirect, Req, Res, Sse, type Type } from '@nestjs/common';
import { EMPTY } from 'rxjs';
import { Operation } from './operation.ts';
import { published } from './results.ts';
import { planted } from './testing/planted.ts';

const declared = (id: string) => Operation({ id, kind: 'public', roles: 'none', summary: 'planted', purpose: false });

@Controller('planted')
class Undeclared {
  @Get()
  read() {
    return published({});
  }
}
@Controller('planted')
class Repeated {
  @Get('a')
  @declared('planted.read')
  a() {
    return published({});
  }
  @Get('b')
  @declared('planted.read')
  b() {
    return published({});
  }
}
@Controller('planted')
class TakesReply {
  @Get()
  @declared('planted.read')
  read(@Res() _reply: object) {}
}
@Controller('planted')
class TakesReplyPassing {
  @Get()
  @declared('planted.read')
  read(@Res({ passthrough: true }) _reply: object) {
    return published({});
  }
}
@Controller('planted')
class TakesRequest {
  @Get()
  @declared('planted.read')
  read(@Req() _request: object) {
    return published({});
  }
}
@Controller('planted')
class TakesNext {
  @Get()
  @declared('planted.read')
  read(@Next() _next: object) {}
}
@Controller('planted')
class Streams {
  @Sse()
  @declared('planted.read')
  read() {
    return EMPTY;
  }
}
@Controller('planted')
class Redirects {
  @Get()
  @Redirect('https://elsewhere.example')
  @declared('planted.read')
  read() {}
}

describe('declaring operations', () => {
  it.each<[string, Type, string]>([
    ['a route without an operation', Undeclared, 'operation-undeclared'],
    ['two routes with one operation', Repeated, 'operation-repeated'],
    ['a handler that takes the reply', TakesReply, 'raw-reply-forbidden'],
    ['a handler that takes the reply and returns', TakesReplyPassing, 'raw-reply-forbidden'],
    ['a handler that takes the request', TakesRequest, 'raw-reply-forbidden'],
    ['a handler that takes next', TakesNext, 'raw-reply-forbidden'],
    ['a handler that streams by itself', Streams, 'raw-reply-forbidden'],
    ['a handler that redirects by itself', Redirects, 'raw-reply-forbidden'],
  ])('does not start with %s', async (_name, controller, code) => {
    await expect(planted([controller])).rejects.toMatchObject({ code });
  });

  it('does not start with a route mounted beside Nest that declares none', async () => {
    const mount = (instance: { get(path: string, handler: () => object): unknown }) =>
      void instance.get('/beside', () => ({}));
    await expect(planted([], { mount })).rejects.toMatchObject({ code: 'operation-undeclared', field: '/beside' });
  });

  it('refuses event data without sign-in', () => {
    const open = { id: 'planted.read', roles: 'none', summary: '', purpose: false } as const;
    expect(() => Operation({ ...open, kind: 'disclosure' })).toThrow(TypeError);
    expect(() => Operation({ ...open, kind: 'own' })).toThrow(TypeError);
  });
});
