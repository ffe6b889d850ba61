import { Body, Controller, Get, Param, Post, Put, type PipeTransform } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { PACK_KINDS, type PackKind, type Principal } from '#contracts';
import { Caller, CommandBody, Operation, owned, strictJson, type Owned } from '#edge';
import { AdoptPack, OfferPack, PACK_LIMITS, ReadBoundaries } from '#hub';
import { Problem } from '#kernel';
import { BOUNDARIES, PACK, PACK_BODY, PACK_NAME, PACK_VERSION } from './answers.ts';

const LARGEST = Math.max(...PACK_KINDS.map((kind) => PACK_LIMITS[kind].bytes));
const VERSION = /^[a-z0-9][a-z0-9.-]{0,39}$/;

class Adoption {
  @ApiPropertyOptional({
    description:
      'Digest that the offer answered. Without it too the version names one content: its first offer fixed it.',
    pattern: '^[0-9a-f]{64}$',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  digest?: string;
}
const adoption = CommandBody(Adoption);
/** A call without a body adopts what the version names. */
const AdoptionBody: PipeTransform<unknown, Adoption> = {
  transform: (body, metadata) =>
    body === undefined || body === null ? new Adoption() : adoption.transform(body, metadata),
};

/** Versioned reference data and rules of everybody: offered by the host, checked, then adopted by a fact. */
@Controller('v1/reference')
export class ReferenceController {
  readonly #commands: CommandBus;
  readonly #queries: QueryBus;
  constructor(commands: CommandBus, queries: QueryBus) {
    this.#commands = commands;
    this.#queries = queries;
  }

  @Put(':kind/:version')
  @Operation({
    id: 'reference.offer',
    kind: 'own',
    roles: ['steward'],
    summary: 'Lay a pack beside the log, checked; it changes nothing before it is adopted',
    purpose: false,
    parameters: PACK_NAME,
    body: PACK_BODY,
    answers: { 201: PACK },
    bodyLimit: LARGEST,
    responses: { 201: 'Kept, with its digest' },
    problems: ['host-required', 'pack-invalid', 'field-invalid', 'already-exists', 'conflict', 'not-found'],
  })
  async offer(
    @Caller() who: Principal,
    @Param('kind') kind: string,
    @Param('version') version: string,
    @Body() sent: unknown,
  ): Promise<Owned> {
    const body = strictJson(sent, PACK_LIMITS[packKind(kind)]);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Problem('pack-invalid');
    const offered = await this.#commands.execute(new OfferPack(who, packKind(kind), packVersion(version), body));
    return owned(who.agency, offered, { status: 201 });
  }

  @Post(':kind/:version/adoption')
  @ApiBody({ type: Adoption, required: false })
  @Operation({
    id: 'reference.adopt',
    kind: 'own',
    roles: ['steward'],
    summary: 'Use this pack from here on',
    purpose: false,
    parameters: PACK_NAME,
    answers: { 201: PACK },
    responses: { 201: 'Adopted' },
    problems: ['host-required', 'not-found', 'already-exists', 'conflict', 'field-invalid'],
  })
  async adopt(
    @Caller() by: Principal,
    @Param('kind') kind: string,
    @Param('version') version: string,
    @Body(AdoptionBody) { digest }: Adoption,
  ): Promise<Owned> {
    const adopted = await this.#commands.execute(new AdoptPack(by, packKind(kind), packVersion(version), digest));
    return owned(by.agency, adopted, { status: 201 });
  }

  @Get('geography/:version/boundaries')
  @Operation({
    id: 'reference.boundaries',
    kind: 'own',
    roles: 'any',
    summary: 'Boundaries of the adopted geography, as GeoJSON',
    purpose: false,
    parameters: [PACK_VERSION],
    answers: { 200: BOUNDARIES },
    problems: ['not-found'],
  })
  async boundaries(@Caller() who: Principal, @Param('version') version: string): Promise<Owned> {
    return owned(who.agency, await this.#queries.execute(new ReadBoundaries(packVersion(version))));
  }
}

function packKind(text: string): PackKind {
  const kind = PACK_KINDS.find((name) => name === text);
  if (kind === undefined) throw new Problem('not-found');
  return kind;
}

function packVersion(text: string): string {
  if (!VERSION.test(text)) throw new Problem('not-found');
  return text;
}
