import { Controller, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Principal } from '#contracts';
import { Caller, CommandQuery, Gone, Operation, Refused } from '#edge';
import { isRefused, RehearseAgreement } from '#hub';
import { AGREEMENT_ID } from './answers.ts';
import { REHEARSAL } from './rehearsal-answers.ts';

class RehearsalForm {
  @ApiPropertyOptional({
    description: 'Lines of JSON, or a page of plain text whose progress lines begin with `…`.',
    enum: ['json', 'text'],
    default: 'json',
  })
  @IsOptional()
  @IsIn(['json', 'text'])
  format?: 'json' | 'text';
}

/** What a draft would change, before anybody signs it (`docs/how-to/rehearse.md`). */
@Controller('v1/agreements')
export class RehearsalController {
  readonly #commands: CommandBus;
  constructor(commands: CommandBus) {
    this.#commands = commands;
  }

  @Post(':id/rehearsal')
  @Operation({
    id: 'agreements.rehearse',
    kind: 'disclosure',
    roles: ['steward'],
    summary: 'What the newest version would newly disclose and stop, what nobody used, what refuses signature',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 200: REHEARSAL },
    responses: { 200: 'How far it is, line by line, then the report: without it the answer is incomplete' },
    problems: ['agreement-over', 'rehearsal-too-large', 'queue-full'],
  })
  async rehearse(
    @Caller() who: Principal,
    @Param('id') id: string,
    @Query(CommandQuery(RehearsalForm)) { format = 'json' }: RehearsalForm,
    @Gone() gone: AbortSignal,
  ): Promise<unknown> {
    const outcome = await this.#commands.execute(new RehearseAgreement(who, id, { format, gone }));
    if (isRefused(outcome)) throw new Refused(outcome.refused, outcome.disclosureId);
    return outcome;
  }
}
