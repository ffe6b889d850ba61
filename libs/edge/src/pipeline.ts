import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { defaultIfEmpty, map, type Observable } from 'rxjs';
import { Problem } from '#kernel';
import { principalOf, wasAdmitted } from './admission.ts';
import { Outgoing } from './answer.ts';
import { fitted, type Fit } from './fit.ts';
import { operationOf } from './operation.ts';
import type { Faults } from './server.ts';

/** Denies what did not pass the admission hook: nothing reaches a handler by another road. */
export class AdmittedGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (operationOf(context.getHandler()) === undefined || !wasAdmitted(request)) throw new Problem('token-missing');
    return true;
  }
}

/** Lets a handler's result pass only when it fits the kind of its operation. */
export class FitInterceptor implements NestInterceptor {
  readonly #fit: Fit;
  constructor(fit: Fit) {
    this.#fit = fit;
  }
  intercept(context: ExecutionContext, next: CallHandler): Observable<Outgoing> {
    const kind = operationOf(context.getHandler())?.kind;
    const principal = principalOf(context.switchToHttp().getRequest<FastifyRequest>());
    return next.handle().pipe(
      defaultIfEmpty(undefined),
      map((value: unknown) => {
        const rendered = kind === undefined ? undefined : fitted(this.#fit, kind, value, principal);
        if (rendered === undefined) throw new Problem('not-disclosable');
        return new Outgoing(rendered);
      }),
    );
  }
}

/** Everything thrown below the edge becomes a problem document. */
export class ProblemFilter implements ExceptionFilter {
  readonly #faults: Faults;
  constructor(faults: Faults) {
    this.#faults = faults;
  }
  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!reply.sent) this.#faults.answer(reply, error);
  }
}
