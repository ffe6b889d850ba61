import { Controller, Get, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import type { Principal } from '#contracts';
import { Caller, CommandQuery, Operation } from '#edge';
import { ReadAuditEntries, type EntryFilter } from '#hub';
import { parseInstant, Problem, type AgencyId, type Instant } from '#kernel';
import { answered } from '../ask/answered.ts';
import { ENTRIES } from './answers.ts';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const whole = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;

class Filter {
  @ApiPropertyOptional({ description: 'Asked by this agency.', pattern: KEBAB.source, maxLength: 60 })
  @IsOptional()
  @Matches(KEBAB)
  @MaxLength(60)
  consumer?: string;

  @ApiPropertyOptional({ description: 'Answered under this agreement.', pattern: KEBAB.source, maxLength: 60 })
  @IsOptional()
  @Matches(KEBAB)
  @MaxLength(60)
  agreement?: string;

  @ApiPropertyOptional({ description: 'Not before this time (RFC 3339, UTC).', format: 'date-time', maxLength: 30 })
  @IsOptional()
  @MaxLength(30)
  from?: string;

  @ApiPropertyOptional({ description: 'Before this time (RFC 3339, UTC).', format: 'date-time', maxLength: 30 })
  @IsOptional()
  @MaxLength(30)
  to?: string;

  @ApiPropertyOptional({ description: '`next` of the page before.', type: 'integer', minimum: 0 })
  @IsOptional()
  @Transform(whole)
  @IsInt()
  @Min(0)
  after?: number;

  @ApiPropertyOptional({ description: 'Entries of a page.', type: 'integer', minimum: 1, maximum: 1_000, default: 100 })
  @IsOptional()
  @Transform(whole)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;
}

/** Who asked what, why, under which agreement, and what was refused. */
@Controller('v1/audit')
export class EntriesController {
  readonly #commands: CommandBus;
  constructor(commands: CommandBus) {
    this.#commands = commands;
  }

  @Get('entries')
  @Operation({
    id: 'audit.entries',
    kind: 'disclosure',
    roles: ['auditor'],
    summary: 'Access records, answers and refusals alike; payload-free',
    purpose: false,
    answers: { 200: ENTRIES },
    problems: ['refused', 'parameter-invalid'],
  })
  async entries(@Caller() auditor: Principal, @Query(CommandQuery(Filter)) filter: Filter): Promise<unknown> {
    const wanted: EntryFilter = {
      limit: filter.limit ?? 100,
      ...(filter.consumer === undefined ? {} : { consumer: filter.consumer as AgencyId }),
      ...(filter.agreement === undefined ? {} : { agreement: filter.agreement }),
      ...(filter.from === undefined ? {} : { from: time(filter.from, 'from') }),
      ...(filter.to === undefined ? {} : { to: time(filter.to, 'to') }),
      ...(filter.after === undefined ? {} : { after: filter.after }),
    };
    return answered(await this.#commands.execute(new ReadAuditEntries(auditor, wanted)));
  }
}

function time(text: string, field: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new Problem('parameter-invalid', { field });
  return at;
}
