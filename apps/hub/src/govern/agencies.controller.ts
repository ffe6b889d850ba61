import { Body, Controller, Get, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CAPACITIES, type Capacity, type Principal } from '#contracts';
import { Caller, CommandBody, Operation, owned, type Owned } from '#edge';
import { EnrolAgency, ListAgencies } from '#hub';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

class HeldCapacity {
  @IsIn(CAPACITIES)
  capacity!: Capacity;

  @Matches(DAY)
  from!: string;

  @IsOptional()
  @Matches(DAY)
  to?: string;
}

class Enrolment {
  @Matches(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  @MaxLength(60)
  agency!: string;

  @IsString()
  @Length(1, 120)
  name!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @Matches(/^https?:\/\/[!-~]{1,240}$/, { each: true })
  issuers!: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => HeldCapacity)
  capacities!: HeldCapacity[];
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
    responses: { 201: 'Enrolled' },
    problems: ['field-invalid', 'already-exists'],
  })
  async enrol(@Caller() by: Principal, @Body(CommandBody(Enrolment)) body: Enrolment): Promise<Owned> {
    const capacities = body.capacities.map(({ capacity, from, to }) => ({
      capacity,
      from,
      ...(to === undefined ? {} : { to }),
    }));
    const { agency, name, issuers } = body;
    const enrolled = await this.#commands.execute(new EnrolAgency(by, { agency, name, issuers, capacities }));
    return owned(by.agency, enrolled, { status: 201 });
  }

  @Get()
  @Operation({ id: 'agencies.list', kind: 'own', roles: 'any', summary: 'Who takes part', purpose: false })
  async list(@Caller() who: Principal): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ListAgencies()));
  }
}
