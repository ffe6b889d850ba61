import { setImmediate as turn } from 'node:timers/promises';
import { CodeLists, parseCodesPack, type HubFacts, type PackKind, type PolicyFact } from '#contracts';
import { Problem, type Instant, type Position, type Sha256, type StreamName } from '#kernel';
import { artefactsNamedBy, compile, type CompiledPolicy } from '#sharing';
import { readGeographyPack, type Geography } from '#statistics';
import { policyFact } from './own-facts.ts';
import type { HubPorts } from './ports.ts';
import { RETURN_TYPES, ReturnFacts } from './return-facts.ts';

export type PublishedRelease = HubFacts['uk.svd.hub.release-published.v1'] & { readonly publishedAt: Instant };

/** Facts that decide: the rest of the hub's own (releases, quarantine) never reaches `compile`. */
const POLICY_TYPES = /^uk\.svd\.hub\.(agency|pack|agreement|duty-request)-/;
const OFFERED_TYPE = 'uk.svd.hub.reference-offered.v1';
const ADOPTED_TYPE = 'uk.svd.hub.pack-adopted.v1';
const RELEASE_TYPE = 'uk.svd.hub.release-published.v1';

/** A policy older than this answers nothing (`hub.md` §7). Milliseconds. */
const STALE_AFTER = 500;
/** Confirmed this recently, a question does not look again. Milliseconds. */
const FRESH_FOR = 50;
/** Earlier policies that are kept compiled. */
const KEPT_EARLIER = 8;

/**
 * The policy in force, compiled from every fact of the hub's own. A process answers only if within the last 500 ms it saw
 * the log's head and held every policy fact below it.
 */
export class PolicyFeed {
  readonly #ports: Pick<HubPorts, 'log' | 'artefacts'>;
  readonly #facts: PolicyFact[] = [];
  readonly #packs = new Map<Sha256, Uint8Array>();
  /** Content of each pack by kind and version, from its first offer on. */
  readonly #named = new Map<string, Sha256>();
  readonly #releases = new Map<string, PublishedRelease>();
  readonly #returns = new ReturnFacts();
  readonly #revisions = new Map<StreamName, number>();
  #read: Position | 'start' = 'start';
  #policy: CompiledPolicy;
  #codes = CodeLists.none;
  #geographies = new Map<Sha256, Geography>();
  /** Policies of times that are over, by the number of their facts. */
  readonly #earlier = new Map<number, CompiledPolicy>();
  /** The earlier policy under way. */
  #compiling: Promise<unknown> = Promise.resolve();
  #confirmedAt = -Infinity;
  #refreshing: Promise<void> | undefined;
  /** Facts that were read and are not in {@link latest} yet: a compilation that failed is tried again, never passed over. */
  #uncompiled = new Map<StreamName, number>();

  constructor(ports: Pick<HubPorts, 'log' | 'artefacts'>) {
    this.#ports = ports;
    this.#policy = compile([], this.#packs);
  }

  /** @throws Problem `policy-stale` when the log could not be looked at in time. */
  async confirmed(): Promise<CompiledPolicy> {
    if (performance.now() - this.#confirmedAt > FRESH_FOR) await this.refresh();
    if (performance.now() - this.#confirmedAt > STALE_AFTER) throw new Problem('policy-stale', { retryAfter: 1 });
    return this.#policy;
  }

  /** Revision of a governance stream that {@link confirmed} reflects: what a command expects when it appends. */
  revisionOf(stream: StreamName): number | undefined {
    return this.#revisions.get(stream);
  }

  /** What the version of a kind names, once it was offered or adopted: that and no other. As {@link confirmed} reflects. */
  packNamed(kind: PackKind, version: string): Sha256 | undefined {
    return this.#named.get(`${kind}/${version}`);
  }

  /** The policy as last compiled, however old: for checks that {@link confirmed} follows before anything is answered. */
  get latest(): CompiledPolicy {
    return this.#policy;
  }

  /**
   * The policy as it stood at a time that is over: every policy fact recorded by then, under the packs of then.
   * @throws Problem `artefact-damaged` when a text that it rested on can't be read any more.
   */
  async policyAt(at: Instant): Promise<CompiledPolicy> {
    await this.confirmed();
    const facts = this.#facts.filter(({ recordedTime }) => recordedTime <= at);
    if (facts.length === this.#facts.length) return this.#policy;
    // one after another, so that many at once leave everybody else a turn in between
    const compiled = this.#compiling.then(() => this.#earlierPolicy(facts));
    this.#compiling = compiled.catch(() => undefined);
    return compiled;
  }

  async #earlierPolicy(facts: readonly PolicyFact[]): Promise<CompiledPolicy> {
    const known = this.#earlier.get(facts.length);
    if (known !== undefined) return known;
    await turn();
    const packs = new Map<Sha256, Uint8Array>();
    for (const digest of artefactsNamedBy(facts)) packs.set(digest, await this.#artefact(digest));
    const policy = compile(facts, packs);
    if (this.#earlier.size >= KEPT_EARLIER) this.#earlier.clear();
    this.#earlier.set(facts.length, policy);
    return policy;
  }

  /** Code lists of the adopted codes pack; empty before one is adopted, so that every code waits in quarantine. */
  async codes(): Promise<CodeLists> {
    await this.confirmed();
    return this.#codes;
  }

  /** Code lists by digest: those of a policy that the caller holds. */
  async codesOf(digest: Sha256): Promise<CodeLists> {
    const read = parseCodesPack(await this.#artefact(digest));
    if (!('lists' in read)) throw new Problem('artefact-damaged');
    return new CodeLists(read);
  }

  /** The adopted geography with its digest. @throws Problem `pack-missing` */
  async geography(): Promise<{ geography: Geography; version: string; digest: Sha256 }> {
    const adopted = (await this.confirmed()).packs.geography;
    if (adopted === undefined) throw new Problem('pack-missing');
    return { geography: await this.geographyOf(adopted.digest), ...adopted };
  }

  /** A geography by digest: what a release was frozen under. */
  async geographyOf(digest: Sha256): Promise<Geography> {
    const known = this.#geographies.get(digest);
    if (known !== undefined) return known;
    const bytes = await this.#artefact(digest);
    const read = readGeographyPack(bytes);
    if (!read.ok) throw new Problem('artefact-damaged');
    this.#geographies.set(digest, read.geography);
    return read.geography;
  }

  /** Every published release by id, in the order of publication. */
  async releases(): Promise<ReadonlyMap<string, PublishedRelease>> {
    await this.confirmed();
    return this.#releases;
  }

  /** Nil returns, and what was told of late ones. */
  async returns(): Promise<ReturnFacts> {
    await this.confirmed();
    return this.#returns;
  }

  /** Looks at the log now. Calls under way at once share one look, but one that began before this call may miss its fact. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** After an append of the caller's own: what it wrote is in force when this resolves. */
  async caughtUp(): Promise<void> {
    // one that began before the append may miss it, and its failure is not this caller's
    await this.#refreshing?.catch(() => undefined);
    await this.refresh();
  }

  async #refresh(): Promise<void> {
    const began = performance.now();
    for await (const batch of this.#ports.log.readOwn(this.#read)) {
      for (const fact of batch) {
        this.#read = fact.position;
        if (fact.type === OFFERED_TYPE || fact.type === ADOPTED_TYPE) this.#name(policyFact(fact));
        if (POLICY_TYPES.test(fact.type)) {
          this.#facts.push(policyFact(fact));
          this.#uncompiled.set(fact.stream, fact.revision);
        } else if (fact.type === OFFERED_TYPE) {
          this.#uncompiled.set(fact.stream, fact.revision);
        } else if (fact.type === RELEASE_TYPE) {
          const release = policyFact(fact).data as HubFacts[typeof RELEASE_TYPE];
          this.#releases.set(release.release, { ...release, publishedAt: fact.recordedTime });
        } else if (RETURN_TYPES.includes(fact.type)) {
          this.#returns.take(policyFact(fact));
        }
      }
    }
    if (this.#uncompiled.size > 0) await this.#compile();
    for (const [stream, revision] of this.#uncompiled) this.#revisions.set(stream, revision);
    this.#uncompiled.clear();
    this.#confirmedAt = began;
  }

  #name({ data }: PolicyFact): void {
    const { kind, version, digest } = data as HubFacts[typeof OFFERED_TYPE];
    this.#named.set(`${kind}/${version}`, digest);
  }

  async #compile(): Promise<void> {
    const named = new Set(artefactsNamedBy(this.#facts));
    // the texts that edits replaced are nobody's any more
    for (const digest of this.#packs.keys()) if (!named.has(digest)) this.#packs.delete(digest);
    for (const digest of named) {
      if (this.#packs.has(digest)) continue;
      const bytes = await this.#ports.artefacts.get(digest);
      if (bytes !== undefined) this.#packs.set(digest, bytes);
    }
    this.#policy = compile(this.#facts, this.#packs);
    const codes = this.#policy.packs.codes;
    if (codes === undefined) return;
    const read = parseCodesPack(await this.#artefact(codes.digest));
    if (!('lists' in read)) throw new Problem('artefact-damaged');
    this.#codes = new CodeLists(read);
  }

  async #artefact(digest: Sha256): Promise<Uint8Array> {
    const bytes = this.#packs.get(digest) ?? (await this.#ports.artefacts.get(digest));
    if (bytes === undefined) throw new Problem('artefact-damaged');
    return bytes;
  }
}
