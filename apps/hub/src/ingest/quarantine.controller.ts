import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Transform } from 'class-transformer';
import type { Principal } from '#contracts';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Caller, CommandQuery, Operation, owned, type Owned } from '#edge';
import { DiscardHeld, ListQuarantine, ReleaseHeld } from '#hub';
import { Problem } from '#kernel';
import { HELD_PARAMETER, HELD_RECORDS, RELEASED } from './answers.ts';

const HELD_ID = /^[0-9a-f]{32}$/;

class Page {
  @ApiPropertyOptional({ description: 'Records of a page.', type: 'integer', minimum: 1, maximum: 1_000, default: 100 })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^[0-9]{1,4}$/.test(value) ? Number(value) : value,
  )
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;

  @ApiPropertyOptional({ description: '`next` of the page before.', pattern: HELD_ID.source })
  @IsOptional()
  @Matches(HELD_ID)
  after?: string;
}

/** What waits for a code to be mapped: the publisher's own, by field and reason, never the value. */
@Controller('v1/quarantine')
export class QuarantineController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  constructor(commands: CommandBus, queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Get()
  @Operation({
    id: 'quarantine.list',
    kind: 'own',
    roles: ['publisher'],
    summary: 'Your own held records',
    purpose: false,
    answers: { 200: HELD_RECORDS },
  })
  async list(@Caller() publisher: Principal, @Query(CommandQuery(Page)) page: Page): Promise<Owned> {
    return owned(
      publisher.agency,
      await this.#queries.execute(new ListQuarantine(publisher, page.limit ?? 100, page.after)),
    );
  }

  @Post(':id/release')
  @HttpCode(200)
  @Operation({
    id: 'quarantine.release',
    kind: 'own',
    roles: ['publisher'],
    summary: 'Run a held record through the whole pipeline again',
    purpose: false,
    parameters: [HELD_PARAMETER],
    answers: { 200: RELEASED },
    responses: { 200: 'What it came to' },
    problems: ['not-found', 'agreement-required', 'id-reused'],
  })
  async release(@Caller() publisher: Principal, @Param('id') id: string): Promise<Owned> {
    const taken = await this.#commands.execute(new ReleaseHeld(publisher, heldId(id)));
    if (taken.status === 'rejected')
      throw new Problem(taken.code, taken.field === undefined ? {} : { field: taken.field });
    return owned(publisher.agency, taken);
  }

  @Post(':id/discard')
  @HttpCode(204)
  @Operation({
    id: 'quarantine.discard',
    kind: 'own',
    roles: ['publisher'],
    summary: 'Delete a held record; the log keeps that it was held and discarded',
    purpose: false,
    parameters: [HELD_PARAMETER],
    responses: { 204: 'Discarded' },
    problems: ['not-found'],
  })
  async discard(@Caller() publisher: Principal, @Param('id') id: string): Promise<Owned> {
    await this.#commands.execute(new DiscardHeld(publisher, heldId(id)));
    return owned(publisher.agency, undefined, { status: 204 });
  }
}

function heldId(id: string): string {
  if (!HELD_ID.test(id)) throw new Problem('not-found');
  return id;
}
