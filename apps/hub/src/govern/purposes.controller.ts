import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import { Caller, Operation, owned, type Owned } from '#edge';
import { ListPurposes } from '#hub';
import { PURPOSE_LIST } from './reading-answers.ts';

/** Why data may be asked for. */
@Controller('v1/purposes')
export class PurposesController {
  readonly #queries: QueryBus;
  constructor(queries: QueryBus) {
    this.#queries = queries;
  }

  @Get()
  @Operation({
    id: 'purposes.list',
    kind: 'own',
    roles: 'any',
    summary: 'Purposes that a question may name, and the powers that serve them alone',
    purpose: false,
    answers: { 200: PURPOSE_LIST },
    problems: ['policy-stale'],
  })
  async list(@Caller() who: Principal): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ListPurposes()));
  }
}
