import { Body, Controller, Get, Headers, Param, Post, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Principal } from '#contracts';
import { Caller, CommandBody, Operation, owned, StrictJson, type Owned } from '#edge';
import { AGREEMENT_LIMITS, DraftAgreement, ListAgreements, ReadAgreement, SignAgreement } from '#hub';
import { Problem, type Json, type Sha256 } from '#kernel';
import { agreementId, digestNamed, tagged } from './agreement-names.ts';
import {
  AGREEMENT_BODY,
  AGREEMENT_ID,
  AGREEMENT_TEXT,
  AGREEMENTS,
  DRAFTED,
  IF_MATCH,
  AGREEMENT_NOW,
} from './answers.ts';

class Signature {
  /** Digest of the text that is signed, as its drafting answered it. */
  @ApiProperty({
    description: 'Digest of the text that is signed, as its drafting answered it.',
    pattern: '^[0-9a-f]{64}$',
  })
  @Matches(/^[0-9a-f]{64}$/)
  digest!: string;
}

/** Data-sharing agreements: drafted by a party's steward, signed by every party's signatory. */
@Controller('v1/agreements')
export class AgreementsController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  constructor(commands: CommandBus, queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Post()
  @Operation({
    id: 'agreements.draft',
    kind: 'own',
    roles: ['steward'],
    summary: 'Draft an agreement; the answer says what it still lacks',
    purpose: false,
    body: AGREEMENT_BODY,
    bodyLimit: AGREEMENT_LIMITS.bytes,
    answers: { 201: DRAFTED },
    responses: { 201: 'Drafted' },
    problems: ['agreement-invalid', 'already-exists', 'not-a-party', 'party-not-enrolled', 'drafts-full'],
  })
  async draft(@Caller() by: Principal, @Body(StrictJson(AGREEMENT_LIMITS)) document: Json): Promise<Owned> {
    const drafted = await this.#commands.execute(new DraftAgreement(by, document));
    return owned(by.agency, drafted, { ...tagged(drafted), status: 201 });
  }

  @Put(':id')
  @Operation({
    id: 'agreements.edit',
    kind: 'own',
    roles: ['steward'],
    summary: 'Edit an agreement (If-Match): what is in force stays so until every party has signed the edit',
    purpose: false,
    parameters: [AGREEMENT_ID, IF_MATCH],
    body: AGREEMENT_BODY,
    bodyLimit: AGREEMENT_LIMITS.bytes,
    answers: { 200: DRAFTED },
    problems: [
      'precondition-required',
      'precondition-failed',
      'agreement-invalid',
      'field-invalid',
      'not-a-party',
      'party-not-enrolled',
      'agreement-over',
      'not-found',
    ],
  })
  async edit(
    @Caller() by: Principal,
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body(StrictJson(AGREEMENT_LIMITS)) document: Json,
  ): Promise<Owned> {
    if (ifMatch === undefined) throw new Problem('precondition-required');
    const edit = { id: agreementId(id), ifMatch: digestNamed(ifMatch) };
    const drafted = await this.#commands.execute(new DraftAgreement(by, document, edit));
    return owned(by.agency, drafted, tagged(drafted));
  }

  @Post(':id/signatures')
  @Operation({
    id: 'agreements.sign',
    kind: 'own',
    roles: ['signatory'],
    summary: 'Sign for your own agency; the last party brings it into force, in place of the version before',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 201: AGREEMENT_NOW },
    responses: { 201: 'Signed' },
    problems: [
      'signature-invalid',
      'already-signed',
      'not-a-party',
      'party-left',
      'party-not-enrolled',
      'agreement-incomplete',
      'agreement-over',
      'pack-missing',
      'precondition-failed',
      'not-found',
    ],
  })
  async sign(
    @Caller() by: Principal,
    @Param('id') id: string,
    @Body(CommandBody(Signature)) { digest }: Signature,
  ): Promise<Owned> {
    const signed = await this.#commands.execute(new SignAgreement(by, agreementId(id), digest as Sha256));
    return owned(by.agency, signed, { ...tagged(signed), status: 201 });
  }

  @Get()
  @Operation({
    id: 'agreements.list',
    kind: 'own',
    roles: 'any',
    summary: 'Agreements that your agency is a party to',
    purpose: false,
    answers: { 200: AGREEMENTS },
  })
  async list(@Caller() who: Principal): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ListAgreements(who)));
  }

  @Get(':id')
  @Operation({
    id: 'agreements.read',
    kind: 'own',
    roles: 'any',
    summary: 'An agreement with its text, for its parties and for auditors',
    purpose: false,
    parameters: [AGREEMENT_ID],
    answers: { 200: AGREEMENT_TEXT },
    problems: ['not-found'],
  })
  async read(@Caller() who: Principal, @Param('id') id: string): Promise<Owned> {
    const agreement = await this.#queries.execute(new ReadAgreement(who, agreementId(id)));
    return owned(who.agency, agreement, tagged(agreement));
  }
}
