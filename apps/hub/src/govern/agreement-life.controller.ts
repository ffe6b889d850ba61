import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches, ValidateIf } from 'class-validator';
import { LIFECYCLE_REASONS, type LifecycleReason, type Principal } from '#contracts';
import { Caller, CommandBody, Operation, owned, type Owned } from '#edge';
import { EndAgreement, ENDING_SCOPES, ReadAgreementVersion, ResumeAgreement, SuspendAgreement } from '#hub';
import { agreementId, tagged, versionNumber } from './agreement-names.ts';
import { AGREEMENT_ID, AGREEMENT_NOW, AGREEMENT_VERSION, VERSION_NUMBER } from './answers.ts';

class Suspension {
  @ApiProperty({ description: 'Why; a closed list, since free text might name a person.', enum: LIFECYCLE_REASONS })
  @IsIn(LIFECYCLE_REASONS)
  reason!: LifecycleReason;
}

class Ending {
  @ApiPropertyOptional({
    description: 'First day without it, or outside, from today on; today when absent, which is at once.',
    format: 'date',
  })
  // absent is at once: null is a mistake
  @ValidateIf((_, on) => on !== undefined)
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  on?: string;

  @ApiProperty({ description: 'Why; a closed list, since free text might name a person.', enum: LIFECYCLE_REASONS })
  @IsIn(LIFECYCLE_REASONS)
  reason!: LifecycleReason;

  @ApiProperty({
    description: '`agreement`: for every party and for good. `own`: your agency leaves, the others carry on.',
    enum: ENDING_SCOPES,
  })
  @IsIn(ENDING_SCOPES)
  scope!: (typeof ENDING_SCOPES)[number];
}

/** What parties do with an agreement that stands, and the versions before the newest. */
@Controller('v1/agreements/:id')
export class AgreementLifeController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  constructor(commands: CommandBus, queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Post('suspension')
  @Operation({
    id: 'agreements.suspend',
    kind: 'own',
    roles: ['signatory', 'guardian'],
    summary: 'Suspend an agreement at once: nothing of it is disclosed or taken in until your agency lifts it',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 201: AGREEMENT_NOW },
    responses: { 201: 'Suspended' },
    problems: [
      'already-suspended',
      'agreement-not-in-force',
      'agreement-over',
      'not-a-party',
      'precondition-failed',
      'not-found',
    ],
  })
  async suspend(
    @Caller() by: Principal,
    @Param('id') id: string,
    @Body(CommandBody(Suspension)) { reason }: Suspension,
  ): Promise<Owned> {
    const suspended = await this.#commands.execute(new SuspendAgreement(by, agreementId(id), reason));
    return owned(by.agency, suspended, { ...tagged(suspended), status: 201 });
  }

  @Delete('suspension')
  @Operation({
    id: 'agreements.resume',
    kind: 'own',
    roles: ['signatory', 'guardian'],
    summary: 'Lift the suspension of your own agency; those of others stand',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 200: AGREEMENT_NOW },
    problems: ['not-suspended', 'precondition-failed', 'not-found'],
  })
  async resume(@Caller() by: Principal, @Param('id') id: string): Promise<Owned> {
    const resumed = await this.#commands.execute(new ResumeAgreement(by, agreementId(id)));
    return owned(by.agency, resumed, tagged(resumed));
  }

  @Post('ending')
  @Operation({
    id: 'agreements.end',
    kind: 'own',
    roles: ['signatory'],
    summary: 'End an agreement for every party, or leave it, today or on a day ahead',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 201: AGREEMENT_NOW },
    responses: { 201: 'Ended, or left' },
    problems: ['field-invalid', 'ending-fixed', 'agreement-over', 'not-a-party', 'precondition-failed', 'not-found'],
  })
  async end(
    @Caller() by: Principal,
    @Param('id') id: string,
    @Body(CommandBody(Ending)) { on, reason, scope }: Ending,
  ): Promise<Owned> {
    const ended = await this.#commands.execute(new EndAgreement(by, agreementId(id), { on, reason, scope }));
    return owned(by.agency, ended, { ...tagged(ended), status: 201 });
  }

  @Get('versions/:version')
  @Operation({
    id: 'agreements.version',
    kind: 'own',
    roles: 'any',
    summary: 'A version of an agreement with its text, for the parties that it names and for auditors',
    purpose: false,
    parameters: [AGREEMENT_ID, VERSION_NUMBER],
    answers: { 200: AGREEMENT_VERSION },
    problems: ['not-found'],
  })
  async version(@Caller() who: Principal, @Param('id') id: string, @Param('version') version: string): Promise<Owned> {
    const asked = new ReadAgreementVersion(who, agreementId(id), versionNumber(version));
    const read = await this.#queries.execute(asked);
    return owned(who.agency, read, tagged(read));
  }
}
