import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Principal } from '#contracts';
import { Caller, CommandBody, CommandQuery, Operation, owned, type Owned } from '#edge';
import { PublishRelease, ReadReleases, ReadReleaseTable } from '#hub';
import { Problem } from '#kernel';
import { answered } from './answered.ts';
import { RELEASE, RELEASE_PARAMETER, RELEASES, TABLE } from './answers.ts';

const RELEASE_ID = /^[a-z][a-z0-9-]{0,60}@[1-9][0-9]{0,3}\.[0-9A-Z-]{4,7}\.v[1-9]$/;

const DEFINITION = /^[a-z][a-z0-9-]{0,60}@[1-9][0-9]{0,3}$/;
const PERIOD = /^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$/;

class NewRelease {
  @ApiProperty({ description: 'What is counted: `name@version`.', pattern: DEFINITION.source })
  @Matches(DEFINITION)
  definition!: string;

  @ApiProperty({ description: 'A year, quarter or month that has ended.', pattern: PERIOD.source })
  @Matches(PERIOD)
  period!: string;
}

class ListFilter {
  @IsOptional()
  @IsString()
  @MaxLength(60)
  purpose?: string;
}

class TableFilter extends ListFilter {
  @ApiProperty({ description: 'Dimension of the rows.', example: 'place.district', maxLength: 60 })
  @IsString()
  @MaxLength(60)
  rows!: string;

  @ApiPropertyOptional({ description: 'Dimension of the columns.', example: 'category', maxLength: 60 })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  columns?: string;

  @ApiPropertyOptional({
    description: 'Keeps to rows that hold every `dimension:value`, each dimension once, between commas.',
    example: 'place.district:E07000222',
    maxLength: 600,
  })
  @IsOptional()
  @IsString()
  @MaxLength(600)
  where?: string;

  @ApiPropertyOptional({ description: 'Of the answer.', enum: ['json', 'csv'], default: 'json' })
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

/** Frozen statistics: the only way in which anonymised events are counted for a consumer. */
@Controller('v1/releases')
export class ReleasesController {
  readonly #commands: CommandBus;
  constructor(commands: CommandBus) {
    this.#commands = commands;
  }

  @Post()
  @Operation({
    id: 'releases.publish',
    kind: 'own',
    roles: ['steward'],
    summary: 'Freeze a release for a closed period',
    purpose: false,
    answers: { 201: RELEASE },
    responses: { 201: 'Frozen' },
    problems: [
      'definition-unknown',
      'field-invalid',
      'host-required',
      'period-open',
      'release-period-too-short',
      'pack-missing',
      'revisions-exhausted',
      'release-unchanged',
      'precondition-failed',
      'model-unavailable',
    ],
  })
  async publish(
    @Caller() by: Principal,
    @Body(CommandBody(NewRelease)) { definition, period }: NewRelease,
  ): Promise<Owned> {
    const release = await this.#commands.execute(new PublishRelease(by, definition, period));
    return owned(by.agency, release, { status: 201, headers: { location: `/v1/releases/${release.id}/table` } });
  }

  @Get()
  @Operation({
    id: 'releases.list',
    kind: 'disclosure',
    roles: ['analyst'],
    summary: 'Releases that may be asked for this purpose',
    purpose: true,
    answers: { 200: RELEASES },
    problems: ['refused'],
  })
  async list(@Caller() who: Principal, @Query(CommandQuery(ListFilter)) { purpose }: ListFilter): Promise<unknown> {
    return answered(await this.#commands.execute(new ReadReleases(who, purpose)));
  }

  @Get(':id/table')
  @Operation({
    id: 'releases.table',
    kind: 'disclosure',
    roles: ['analyst'],
    summary: 'A table of a release: rows and columns by its dimensions, kept to `where=dim:value[,…]`',
    purpose: true,
    parameters: [RELEASE_PARAMETER],
    answers: { 200: TABLE },
    problems: ['refused', 'not-found', 'dimension-unknown', 'parameter-invalid'],
  })
  async table(
    @Caller() who: Principal,
    @Param('id') release: string,
    @Query(CommandQuery(TableFilter)) { rows, columns, where, purpose, format }: TableFilter,
  ): Promise<unknown> {
    if (!RELEASE_ID.test(release)) throw new Problem('not-found');
    const kept = where === undefined || where === '' ? [] : where.split(',');
    const asked = { release, rows, columns, where: kept, purpose, format: format ?? ('json' as const) };
    return answered(await this.#commands.execute(new ReadReleaseTable(who, asked)));
  }
}
