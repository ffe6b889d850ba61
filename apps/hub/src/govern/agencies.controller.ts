import { Body, Controller, Get, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CAPACITIES, ORDINARY_ROLES, ROLES, type Capacity, type Principal, type Role } from '#contracts';
import { Caller, CommandBody, Operation, owned, type Owned } from '#edge';
import { EnrolAgency, ListAgencies } from '#hub';
import { AGENCIES, ENROLLED } from './answers.ts';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const ISSUER = /^https?:\/\/[!-~]{1,240}$/;

class HeldCapacity {
  @ApiProperty({ description: 'What the agency is in law.', enum: CAPACITIES })
  @IsIn(CAPACITIES)
  capacity!: Capacity;

  @ApiProperty({ description: 'First day.', format: 'date' })
  @Matches(DAY)
  from!: string;

  @ApiPropertyOptional({ description: 'Last day; for good when absent.', format: 'date' })
  @IsOptional()
  @Matches(DAY)
  to?: string;
}

class Enrolment {
  @ApiProperty({ description: 'Its short name, as in tokens and sources.', pattern: KEBAB.source, maxLength: 60 })
  @Matches(KEBAB)
  @MaxLength(60)
  agency!: string;

  @ApiProperty({ description: 'For people.', minLength: 1, maxLength: 120 })
  @IsString()
  @Length(1, 120)
  @Matches(/^[^\p{Cc}\p{Cf}]*$/u)
  name!: string;

  @ApiProperty({
    description: 'Issuers whose tokens may speak for it.',
    type: 'array',
    minItems: 1,
    maxItems: 10,
    items: { type: 'string', pattern: ISSUER.source },
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @Matches(ISSUER, { each: true })
  issuers!: string[];

  @ApiProperty({ description: 'Its legal capacities.', type: [HeldCapacity], minItems: 1, maxItems: 10 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => HeldCapacity)
  capacities!: HeldCapacity[];

  @ApiPropertyOptional({
    description: `Roles that its issuers may give its people; ${ORDINARY_ROLES.join(', ')} when absent.`,
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', enum: [...ROLES] },
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ROLES, { each: true })
  roles?: Role[];
}

/** Who takes part, and in which legal capacity. */
@Controller('v1/agencies')
export class AgenciesController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  constructor(commands: CommandBus, queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Post()
  @Operation({
    id: 'agencies.enrol',
    kind: 'own',
    roles: ['operator'],
    summary: 'Enrol an agency with its legal capacities',
    purpose: false,
    answers: { 201: ENROLLED },
    responses: { 201: 'Enrolled' },
    problems: ['field-invalid', 'already-exists'],
  })
  async enrol(@Caller() by: Principal, @Body(CommandBody(Enrolment)) body: Enrolment): Promise<Owned> {
    const capacities = body.capacities.map(({ capacity, from, to }) => ({
      capacity,
      from,
      ...(to === undefined ? {} : { to }),
    }));
    const { agency, name, issuers, roles } = body;
    const named = { agency, name, issuers, capacities, ...(roles === undefined ? {} : { roles }) };
    const enrolled = await this.#commands.execute(new EnrolAgency(by, named));
    return owned(by.agency, enrolled, { status: 201 });
  }

  @Get()
  @Operation({
    id: 'agencies.list',
    kind: 'own',
    roles: 'any',
    summary: 'Who takes part',
    purpose: false,
    answers: { 200: AGENCIES },
  })
  async list(@Caller() who: Principal): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ListAgencies()));
  }
}
