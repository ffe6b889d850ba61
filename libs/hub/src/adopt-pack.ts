import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { parseCodesPack, type Actor, type PackKind } from '#contracts';
import { canonicalJson, Problem, streamName, type Json, type Sha256 } from '#kernel';
import { readLawPack } from '#sharing';
import { readGeographyPack } from '#statistics';
import { ownFact } from './own-facts.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';

export interface PackRef {
  readonly kind: PackKind;
  readonly version: string;
  readonly digest: Sha256;
}

/** Lays a pack of reference data beside the log, checked; it changes nothing before it is adopted. */
export class OfferPack extends Command<PackRef> {
  readonly kind: PackKind;
  readonly version: string;
  readonly body: Json;
  constructor(kind: PackKind, version: string, body: Json) {
    super();
    this.kind = kind;
    this.version = version;
    this.body = body;
  }
}

/**
 * Which digest was offered under which name. It lives in memory: an offer that was not adopted before a restart is
 * offered again, and nothing in the log depends on it.
 */
export class OfferedPacks {
  readonly #offered = new Map<string, PackRef>();
  set(ref: PackRef): void {
    this.#offered.set(`${ref.kind}/${ref.version}`, ref);
  }
  get(kind: PackKind, version: string): PackRef | undefined {
    return this.#offered.get(`${kind}/${version}`);
  }
}

@CommandHandler(OfferPack)
export class OfferPackHandler implements ICommandHandler<OfferPack> {
  readonly #ports: HubPorts;
  readonly #offered: OfferedPacks;
  constructor(ports: HubPorts, offered: OfferedPacks) {
    this.#ports = ports;
    this.#offered = offered;
  }

  /** @throws Problem `pack-invalid` with the field, `field-invalid` when the body names another kind or version */
  async execute({ kind, version, body }: OfferPack): Promise<PackRef> {
    const named = body as { kind?: unknown; version?: unknown };
    if (named.kind !== kind) throw new Problem('field-invalid', { field: 'kind' });
    if (named.version !== version) throw new Problem('field-invalid', { field: 'version' });
    const bytes = Buffer.from(canonicalJson(body));
    const fault = faultOf(kind, bytes);
    if (fault !== undefined) throw new Problem('pack-invalid', { field: fault });
    const ref = { kind, version, digest: await this.#ports.artefacts.put(bytes) };
    this.#offered.set(ref);
    return ref;
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
      return read.ok ? undefined : read.field;
    }
  }
}

/** From here on, questions and folds use this pack. */
export class AdoptPack extends Command<PackRef> {
  readonly by: Actor;
  readonly kind: PackKind;
  readonly version: string;
  constructor(by: Actor, kind: PackKind, version: string) {
    super();
    this.by = by;
    this.kind = kind;
    this.version = version;
  }
}

@CommandHandler(AdoptPack)
export class AdoptPackHandler implements ICommandHandler<AdoptPack> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  readonly #offered: OfferedPacks;
  constructor(ports: HubPorts, feed: PolicyFeed, offered: OfferedPacks) {
    this.#ports = ports;
    this.#feed = feed;
    this.#offered = offered;
  }

  /** @throws Problem `not-found` (404). Adopting what is in force already changes nothing. */
  async execute({ by, kind, version }: AdoptPack): Promise<PackRef> {
    const adopted = (await this.#feed.confirmed()).packs[kind];
    const ref = this.#offered.get(kind, version);
    if (ref === undefined) {
      if (adopted?.version === version) return { kind, ...adopted };
      throw new Problem('not-found');
    }
    if (adopted?.digest === ref.digest && adopted.version === version) return ref;
    const fact = ownFact(this.#ports.keys, 'uk.svd.hub.pack-adopted.v1', { ...ref, by }, by.agency);
    await this.#ports.writer.append([{ stream: streamName(`pack:${kind}`), fact }]);
    await this.#feed.caughtUp();
    return ref;
  }
}
