import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CODES_PACK_LIMITS, parseCodesPack, type Actor, type PackKind } from '#contracts';
import { canonicalJson, londonDay, Problem, streamName, type Json, type JsonLimits, type Sha256 } from '#kernel';
import {
  brokenCase,
  holdsCapacity,
  LAW_PACK_LIMITS,
  readLawPack,
  type AdoptedPack,
  type CompiledPolicy,
} from '#sharing';
import { GEOGRAPHY_LIMITS, readGeographyPack } from '#statistics';
import { actorOf, ownFact } from './own-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export interface PackRef {
  readonly kind: PackKind;
  readonly version: string;
  readonly digest: Sha256;
}

/** What a pack of each kind may come to, at the edge and in its reader alike. */
export const PACK_LIMITS: Readonly<Record<PackKind, JsonLimits>> = {
  geography: GEOGRAPHY_LIMITS,
  codes: CODES_PACK_LIMITS,
  law: LAW_PACK_LIMITS,
};

/** Times that one act is decided anew because others were faster. */
const TRIES = 5;

/** Lays a pack of reference data beside the log, checked; it changes nothing before it is adopted. */
export class OfferPack extends Command<PackRef> {
  readonly by: Actor;
  readonly kind: PackKind;
  readonly version: string;
  readonly body: Json;
  constructor(by: Actor, kind: PackKind, version: string, body: Json) {
    super();
    this.by = by;
    this.kind = kind;
    this.version = version;
    this.body = body;
  }
}

@CommandHandler(OfferPack)
export class OfferPackHandler implements ICommandHandler<OfferPack> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * Offering the same again changes nothing: from the first offer on a version names one content.
   * @throws Problem `host-required`, `pack-invalid` with the field, `field-invalid` when the body names another kind or
   * version, `already-exists` when the version names another content.
   */
  async execute({ by, kind, version, body }: OfferPack): Promise<PackRef> {
    requireHost(await this.#feed.confirmed(), by, this.#ports);
    const named = body as { kind?: unknown; version?: unknown };
    if (named.kind !== kind) throw new Problem('field-invalid', { field: 'kind' });
    if (named.version !== version) throw new Problem('field-invalid', { field: 'version' });
    const bytes = Buffer.from(canonicalJson(body));
    const fault = faultOf(kind, bytes);
    if (fault !== undefined) throw new Problem('pack-invalid', { field: fault });
    const ref = { kind, version, digest: await this.#ports.artefacts.put(bytes) };
    for (let tries = 0; tries < TRIES; tries++) {
      await this.#feed.confirmed();
      const known = this.#feed.packNamed(kind, version);
      if (known !== undefined && known !== ref.digest) throw new Problem('already-exists', { field: 'version' });
      if (known !== undefined) return ref;
      const data = { ...ref, by: actorOf(by) };
      const fact = ownFact(this.#ports.keys, 'uk.svd.hub.reference-offered.v1', data, by.agency);
      if (await appendAsSeen(this.#ports, this.#feed, kind, fact)) return ref;
    }
    throw new Problem('conflict');
  }
}

/** Field of the first fault, `undefined` for a pack that holds. */
function faultOf(kind: PackKind, bytes: Uint8Array): string | undefined {
  switch (kind) {
    case 'codes': {
      const read = parseCodesPack(bytes);
      return 'lists' in read ? undefined : (read.problem.field ?? '');
    }
    case 'geography': {
      const read = readGeographyPack(bytes);
      return read.ok ? undefined : read.field;
    }
    case 'law': {
      const read = readLawPack(bytes);
      if (!read.ok) return read.field;
      const broken = brokenCase(read.law);
      return broken === undefined ? undefined : `cases.${broken}`;
    }
  }
}

/** From here on, questions and folds use this pack. `digest`, where given, must be the content that the version names. */
export class AdoptPack extends Command<PackRef> {
  readonly by: Actor;
  readonly kind: PackKind;
  readonly version: string;
  readonly digest: string | undefined;
  constructor(by: Actor, kind: PackKind, version: string, digest?: string) {
    super();
    this.by = by;
    this.kind = kind;
    this.version = version;
    this.digest = digest;
  }
}

@CommandHandler(AdoptPack)
export class AdoptPackHandler implements ICommandHandler<AdoptPack> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * Adopting what is in force already changes nothing.
   * @throws Problem `host-required`, `not-found`; `already-exists` when the version names another content than `digest`;
   * `conflict` when somebody adopted another pack of the kind meanwhile.
   */
  async execute({ by, kind, version, digest }: AdoptPack): Promise<PackRef> {
    let replaces: { readonly pack: AdoptedPack | undefined } | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      const policy = await this.#feed.confirmed();
      requireHost(policy, by, this.#ports);
      const known = this.#feed.packNamed(kind, version);
      if (known === undefined) throw new Problem('not-found');
      if (digest !== undefined && digest !== known) throw new Problem('already-exists', { field: 'digest' });
      const ref = { kind, version, digest: known };
      const adopted = policy.packs[kind];
      if (adopted?.version === version) return ref;
      replaces ??= { pack: adopted };
      if (replaces.pack?.version !== adopted?.version) break;
      const data = { ...ref, by: actorOf(by) };
      const fact = ownFact(this.#ports.keys, 'uk.svd.hub.pack-adopted.v1', data, by.agency);
      if (await appendAsSeen(this.#ports, this.#feed, kind, fact)) return ref;
    }
    throw new Problem('conflict');
  }
}

/** Packs are everybody's: who runs the hub for all lays them down, whatever steward asks (ADR 0003). */
function requireHost(policy: CompiledPolicy, { agency }: Actor, { clock }: HubPorts): void {
  if (!holdsCapacity(policy, agency, 'host', londonDay(clock.now()))) throw new Problem('host-required');
}

/** Appends to the kind's stream at the revision that the feed reflects; false when somebody was faster. */
async function appendAsSeen(
  ports: HubPorts,
  feed: PolicyFeed,
  kind: PackKind,
  fact: ReturnType<typeof ownFact>,
): Promise<boolean> {
  const stream = streamName(`pack:${kind}`);
  const seen = feed.revisionOf(stream);
  const expected = seen === undefined ? 'no-stream' : { revision: seen };
  const appended = await ports.writer.append([{ stream, fact }], new Map([[stream, expected]]));
  await feed.caughtUp();
  return appended.outcome === 'appended';
}
