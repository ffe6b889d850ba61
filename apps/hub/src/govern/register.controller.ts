import { Controller, Get, Headers, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { bytes, CommandQuery, Operation, published, type Public } from '#edge';
import { ReadRegister } from '#hub';
import { REGISTER } from './reading-answers.ts';

class Form {
  @ApiPropertyOptional({ description: 'Of the answer; as Accept prefers when absent.', enum: ['json', 'text'] })
  @IsOptional()
  @IsIn(['json', 'text'])
  format?: 'json' | 'text';
}

const MEDIA_TYPES = { json: 'application/json; charset=utf-8', text: 'text/plain; charset=utf-8' };

/** Who is shown what of whom, for which purpose and under which power: for everybody. */
@Controller('v1/register')
export class RegisterController {
  readonly #queries: QueryBus;
  constructor(queries: QueryBus) {
    this.#queries = queries;
  }

  @Get()
  @Operation({
    id: 'register.read',
    kind: 'public',
    roles: 'none',
    summary: 'The register of uses: every agreement that is or was in force; no sign-in',
    purpose: false,
    answers: { 200: REGISTER },
    problems: ['parameter-invalid', 'policy-stale'],
  })
  async read(
    @Query(CommandQuery(Form)) { format }: Form,
    @Headers('accept') accept: string | undefined,
  ): Promise<Public> {
    const form = format ?? (prefersText(accept ?? '') ? 'text' : 'json');
    const register = await this.#queries.execute(new ReadRegister(form));
    return published(bytes(register.bytes, MEDIA_TYPES[form]), {
      headers: {
        etag: `"${register.digest}"`,
        // kept by anybody, and asked for again each time: a suspension shows at once
        'cache-control': 'public, no-cache',
        vary: 'accept',
      },
    });
  }
}

/** Plain text is asked for by name, and JSON is not asked for as much (RFC 9110 §12.5.1). */
function prefersText(accept: string): boolean {
  const weights = new Map(
    accept.split(',').map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const weight = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
      return [type, Number.isNaN(weight) ? 0 : weight];
    }),
  );
  const json = weights.get('application/json') ?? weights.get('application/*') ?? weights.get('*/*') ?? 0;
  const text = weights.get('text/plain') ?? 0;
  return text > 0 && text > json;
}
