import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { PACK_KINDS, type PackKind, type Principal } from '#contracts';
import { Caller, Operation, owned, StrictJson, type Owned } from '#edge';
import { AdoptPack, OfferPack, ReadBoundaries } from '#hub';
import { Problem, type Json, type JsonLimits } from '#kernel';

const PACK_LIMITS: JsonLimits = { bytes: 8 << 20, depth: 20, keys: 20_000, items: 100_000 };
const VERSION = /^[a-z0-9][a-z0-9.-]{0,39}$/;

/** Versioned reference data and rules: offered, checked, then adopted by a fact. */
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
    bodyLimit: PACK_LIMITS.bytes,
    responses: { 201: 'Kept, with its digest' },
    problems: ['pack-invalid', 'field-invalid', 'not-found'],
  })
  async offer(
    @Caller() who: Principal,
    @Param('kind') kind: string,
    @Param('version') version: string,
    @Body(StrictJson(PACK_LIMITS)) body: Json,
  ): Promise<Owned> {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Problem('pack-invalid');
    const offered = await this.#commands.execute(new OfferPack(packKind(kind), packVersion(version), body));
    return owned(who.agency, offered, { status: 201 });
  }

  @Post(':kind/:version/adoption')
  @Operation({
    id: 'reference.adopt',
    kind: 'own',
    roles: ['steward'],
    summary: 'Use this pack from here on',
    purpose: false,
    responses: { 201: 'Adopted' },
    problems: ['not-found'],
  })
  async adopt(@Caller() by: Principal, @Param('kind') kind: string, @Param('version') version: string): Promise<Owned> {
    const adopted = await this.#commands.execute(new AdoptPack(by, packKind(kind), packVersion(version)));
    return owned(by.agency, adopted, { status: 201 });
  }

  @Get('geography/:version/boundaries')
  @Operation({
    id: 'reference.boundaries',
    kind: 'own',
    roles: 'any',
    summary: 'Boundaries of the adopted geography, as GeoJSON',
    purpose: false,
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
