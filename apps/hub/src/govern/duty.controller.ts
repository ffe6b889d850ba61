import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  DUTY_ANSWERS,
  DUTY_REFUSAL_REASONS,
  DUTY_SECTIONS,
  DUTY_USES,
  type DutyAnswer,
  type DutyRefusalReason,
  type DutySection,
  type DutyUse,
  type Principal,
} from '#contracts';
import { Caller, CommandBody, Operation, owned, type Owned } from '#edge';
import {
  EndDutyRequest,
  ListDutyRequests,
  MakeDutyRequest,
  ReadDutyRequest,
  ReadDutyReturns,
  type DutyAct,
} from '#hub';
import { eventType, Problem, type AgencyId } from '#kernel';
import { DUTY_REQUEST, DUTY_REQUEST_ID, DUTY_REQUESTS, DUTY_RETURNS } from './duty-answers.ts';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const TYPE = /^[a-z]+(\.[a-z0-9-]+)+\.v[1-9][0-9]*$/;
const FIELD = /^[a-z][A-Za-z0-9]{0,59}$/;
const REQUEST_ID = /^[0-9a-f]{32}$/;

class AskedPeriod {
  @ApiProperty({ description: 'First day of what the information is about.', format: 'date' })
  @Matches(DAY)
  from!: string;

  @ApiProperty({ description: 'Last day.', format: 'date' })
  @Matches(DAY)
  to!: string;
}

class DutyAsked {
  @ApiProperty({ description: 'Section of the PCSC Act 2022.', enum: DUTY_SECTIONS })
  @IsIn(DUTY_SECTIONS)
  under!: DutySection;

  @ApiProperty({ description: 'The agency asked.', pattern: KEBAB.source, maxLength: 60 })
  @Matches(KEBAB)
  @MaxLength(60)
  to!: string;

  @ApiProperty({
    description: 'Event types that are asked for.',
    type: 'array',
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
    items: { type: 'string', pattern: TYPE.source, maxLength: 100 },
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Matches(TYPE, { each: true })
  @MaxLength(100, { each: true })
  types!: string[];

  @ApiProperty({
    description: 'Fields of these types; none for numbers alone.',
    type: 'array',
    maxItems: 100,
    uniqueItems: true,
    items: { type: 'string', pattern: FIELD.source },
  })
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(FIELD, { each: true })
  fields!: string[];

  @ApiProperty({ description: 'What the information is about.', type: AskedPeriod })
  @ValidateNested()
  @Type(() => AskedPeriod)
  period!: AskedPeriod;

  @ApiProperty({ description: 'What it is asked for; `monitoring` under s.17 and nothing else.', enum: DUTY_USES })
  @IsIn(DUTY_USES)
  use!: DutyUse;

  @ApiProperty({ description: 'The last day on which an answer is in time; today or later.', format: 'date' })
  @Matches(DAY)
  due!: string;
}

class DutyAnswered {
  @ApiProperty({ description: 'How it was answered.', enum: DUTY_ANSWERS })
  @IsIn(DUTY_ANSWERS)
  how!: DutyAnswer;
}

class DutyRefused {
  @ApiProperty({
    description: 'Reasons that the section leaves open to this request.',
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', enum: [...DUTY_REFUSAL_REASONS] },
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(DUTY_REFUSAL_REASONS, { each: true })
  reasons!: DutyRefusalReason[];
}

/** Dated requests for information under s.15 and s.17, and returns that are owed by a day. */
@Controller('v1/duty')
export class DutyController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  constructor(commands: CommandBus, queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Post('requests')
  @Operation({
    id: 'duty.ask',
    kind: 'own',
    roles: ['steward'],
    summary: 'Ask an agency for information under s.15 or s.17, by a day',
    purpose: false,
    answers: { 201: DUTY_REQUEST },
    responses: { 201: 'Asked' },
    problems: [
      'capacity-required',
      'addressee-not-reached',
      'use-outside-section',
      'type-unregistered',
      'field-not-allowed',
      'field-invalid',
      'duty-requests-full',
      'pack-missing',
    ],
  })
  async ask(@Caller() by: Principal, @Body(CommandBody(DutyAsked)) body: DutyAsked): Promise<Owned> {
    const { under, to, types, fields, period, use, due } = body;
    const asking = {
      ...{ under, to: to as AgencyId, types: types.map(eventType), fields, use, due },
      period: { from: period.from, to: period.to },
    };
    const request = await this.#commands.execute(new MakeDutyRequest(by, asking));
    return owned(by.agency, request, { status: 201, headers: { location: `/v1/duty/requests/${request.id}` } });
  }

  @Get('requests')
  @Operation({
    id: 'duty.requests',
    kind: 'own',
    roles: ['steward'],
    summary: 'Requests that your agency made or was sent',
    purpose: false,
    answers: { 200: DUTY_REQUESTS },
  })
  async list(@Caller() who: Principal): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ListDutyRequests(who)));
  }

  @Get('requests/:id')
  @Operation({
    id: 'duty.request',
    kind: 'own',
    roles: ['steward'],
    summary: 'One request that your agency made or was sent',
    purpose: false,
    parameters: [DUTY_REQUEST_ID],
    answers: { 200: DUTY_REQUEST },
    problems: ['not-found'],
  })
  async read(@Caller() who: Principal, @Param('id') id: string): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ReadDutyRequest(who, requestId(id))));
  }

  @Post('requests/:id/answer')
  @HttpCode(200)
  @Operation({
    id: 'duty.answer',
    kind: 'own',
    roles: ['steward'],
    summary: 'Say for the agency asked that the information was supplied, in time or late',
    purpose: false,
    parameters: [DUTY_REQUEST_ID],
    answers: { 200: DUTY_REQUEST },
    problems: ['not-found', 'other-agency-required', 'duty-request-over', 'conflict'],
  })
  answer(
    @Caller() by: Principal,
    @Param('id') id: string,
    @Body(CommandBody(DutyAnswered)) { how }: DutyAnswered,
  ): Promise<Owned> {
    return this.#end(by, id, { act: 'answer', how });
  }

  @Post('requests/:id/refusal')
  @HttpCode(200)
  @Operation({
    id: 'duty.refuse',
    kind: 'own',
    roles: ['steward'],
    summary: 'Refuse for the agency asked: s.15(7), or that s.16(4) bars what s.17 asks for',
    purpose: false,
    parameters: [DUTY_REQUEST_ID],
    answers: { 200: DUTY_REQUEST },
    problems: [
      'not-found',
      'other-agency-required',
      'duty-request-over',
      'reason-not-open',
      'pack-missing',
      'conflict',
    ],
  })
  refuse(
    @Caller() by: Principal,
    @Param('id') id: string,
    @Body(CommandBody(DutyRefused)) { reasons }: DutyRefused,
  ): Promise<Owned> {
    return this.#end(by, id, { act: 'refuse', reasons });
  }

  @Post('requests/:id/withdrawal')
  @HttpCode(200)
  @Operation({
    id: 'duty.withdraw',
    kind: 'own',
    roles: ['steward'],
    summary: 'Withdraw a request for the agency that made it',
    purpose: false,
    parameters: [DUTY_REQUEST_ID],
    answers: { 200: DUTY_REQUEST },
    problems: ['not-found', 'other-agency-required', 'duty-request-over', 'conflict'],
  })
  withdraw(@Caller() by: Principal, @Param('id') id: string): Promise<Owned> {
    return this.#end(by, id, { act: 'withdraw' });
  }

  @Get('returns')
  @Operation({
    id: 'duty.returns',
    kind: 'own',
    roles: 'any',
    summary: 'Returns that your agency owes, period by period',
    purpose: false,
    answers: { 200: DUTY_RETURNS },
    problems: ['model-unavailable'],
  })
  async returns(@Caller() who: Principal): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ReadDutyReturns(who)));
  }

  async #end(by: Principal, id: string, act: DutyAct): Promise<Owned> {
    return owned(by.agency, await this.#commands.execute(new EndDutyRequest(by, requestId(id), act)));
  }
}

function requestId(id: string): string {
  if (!REQUEST_ID.test(id)) throw new Problem('not-found');
  return id;
}
