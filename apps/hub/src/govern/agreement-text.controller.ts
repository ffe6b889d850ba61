import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Principal } from '#contracts';
import { bytes, Caller, CommandQuery, Operation, owned, type Owned } from '#edge';
import { ReadAgreementText } from '#hub';
import { sha256 } from '#kernel';
import { AGREEMENT_ID } from './answers.ts';
import { CLAUSES } from './reading-answers.ts';

class TextOf {
  @ApiPropertyOptional({
    description: 'Of the agreement; the newest when absent.',
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
  })
  @IsOptional()
  @Transform(
    ({ value }) => (typeof value === 'string' && /^[1-9][0-9]{0,6}$/.test(value) ? Number(value) : value) as unknown,
  )
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version?: number;
}

/** Agreements for people to read. */
@Controller('v1/agreements')
export class AgreementTextController {
  readonly #queries: QueryBus;
  constructor(queries: QueryBus) {
    this.#queries = queries;
  }

  @Get(':id/text')
  @Operation({
    id: 'agreements.text',
    kind: 'own',
    roles: 'any',
    summary: 'An agreement as numbered clauses, which decisions cite; for its parties and for auditors',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 200: CLAUSES },
    problems: ['not-found', 'parameter-invalid', 'artefact-damaged', 'policy-stale'],
  })
  async text(
    @Caller() who: Principal,
    @Param('id') id: string,
    @Query(CommandQuery(TextOf)) { version }: TextOf,
  ): Promise<Owned> {
    const text = Buffer.from(await this.#queries.execute(new ReadAgreementText(who, id, version)));
    return owned(who.agency, bytes(text, 'text/plain; charset=utf-8'), { headers: { etag: `"${sha256(text)}"` } });
  }
}
