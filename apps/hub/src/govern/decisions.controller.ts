import { Body, Controller, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  EVENT_TYPES,
  PLACE_GRAINS,
  PURPOSES,
  ROLES,
  TIME_GRAINS,
  type Mode,
  type PlaceGrain,
  type Principal,
  type Purpose,
  type Role,
  type TimeGrain,
} from '#contracts';
import { Caller, CommandBody, Operation, owned, type Owned } from '#edge';
import { ExplainDecision } from '#hub';
import { eventType, parseInstant, Problem, type AgencyId, type Instant } from '#kernel';
import { EXPLANATION } from './decision-answers.ts';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const FIELD = /^[a-z][A-Za-z0-9]*$/;
const OLDEST = /^(any|\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))$/;
const MODES: readonly Mode[] = ['count', 'record', 'subject'];

class Hypothesis {
  @ApiProperty({ description: 'Counts, records, or one consenting subject.', enum: MODES })
  @IsIn(MODES)
  mode!: Mode;

  @ApiProperty({ description: 'Why it would be asked.', enum: PURPOSES })
  @IsIn(PURPOSES)
  purpose!: Purpose;

  @ApiProperty({
    description: 'Event types.',
    type: 'array',
    minItems: 1,
    items: { type: 'string', enum: [...EVENT_TYPES] },
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(EVENT_TYPES, { each: true })
  types!: string[];

  @ApiPropertyOptional({
    description: 'Agencies whose rows would be asked for; whoever can be shown when absent.',
    type: 'array',
    minItems: 1,
    maxItems: 100,
    items: { type: 'string', pattern: KEBAB.source, maxLength: 60 },
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(KEBAB, { each: true })
  @MaxLength(60, { each: true })
  publishers?: string[];

  @ApiPropertyOptional({
    description: 'Fields of the types.',
    type: 'array',
    maxItems: 100,
    items: { type: 'string', pattern: FIELD.source, maxLength: 60 },
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(FIELD, { each: true })
  @MaxLength(60, { each: true })
  fields?: string[];

  @ApiProperty({ description: 'The finest place.', enum: PLACE_GRAINS })
  @IsIn(PLACE_GRAINS)
  place!: PlaceGrain;

  @ApiProperty({ description: 'The finest time.', enum: TIME_GRAINS })
  @IsIn(TIME_GRAINS)
  time!: TimeGrain;

  @ApiPropertyOptional({
    description: 'First day that the answer would reach back to.',
    pattern: OLDEST.source,
    default: 'any',
  })
  @IsOptional()
  @Matches(OLDEST)
  oldest?: string;

  @ApiPropertyOptional({
    description:
      'Role of the person who would ask; analyst for counts and records, practitioner for a subject when absent.',
    enum: ROLES,
  })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({
    description: 'A time that is over (RFC 3339, UTC): decided by the policy of then. Now when absent.',
    format: 'date-time',
    maxLength: 30,
  })
  @IsOptional()
  @IsString()
  @MaxLength(30)
  at?: string;
}

/** What the policy would say, without anything being asked. */
@Controller('v1/decisions')
export class DecisionsController {
  readonly #queries: QueryBus;
  constructor(queries: QueryBus) {
    this.#queries = queries;
  }

  @Post('explain')
  @Operation({
    id: 'decisions.explain',
    kind: 'own',
    roles: 'any',
    summary: 'Decide for your own agency without disclosing, now or as at a past time; never about a subject',
    purpose: false,
    answers: { 200: EXPLANATION },
    problems: ['field-invalid', 'field-missing'],
  })
  async explain(@Caller() who: Principal, @Body(CommandBody(Hypothesis)) body: Hypothesis): Promise<Owned> {
    const { mode, purpose, types, publishers, fields = [], place, time, oldest = 'any', role, at } = body;
    const asked = {
      mode,
      purpose,
      types: types.map(eventType),
      publishers: publishers === undefined ? ('all' as const) : publishers.map((name) => name as AgencyId),
      fields,
      place,
      time,
      oldest,
      role: role ?? (mode === 'subject' ? ('practitioner' as const) : ('analyst' as const)),
      at: at === undefined ? undefined : instantOf(at),
    };
    return owned(who.agency, await this.#queries.execute(new ExplainDecision(who, asked)), { status: 200 });
  }
}

function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new Problem('field-invalid', { field: 'at' });
  return at;
}
