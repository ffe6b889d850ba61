import { position, positionNumber, Problem, sameBytes, type Position } from '#kernel';
import { stillToLoad } from '../load-facts.ts';
import type { FactsExporter, FactsImporter, FactsReader, KeyedFact } from '../ports.ts';
import type { PlannedFact } from './append-plan.ts';
import { APPEND_BYTES, PAGE_EVENTS, type Engine } from './engine-stream.ts';
import { frameFact } from './fact-frame.ts';
import type { IndexFollower, RepeatKeyOf } from './index-follower.ts';
import { settleAppend } from './settle-append.ts';

/** Out of the stream, with the keys that its facts would be given again. */
export const eventStoreDbExporter = (reader: FactsReader, repeatKeyOf: RepeatKeyOf): FactsExporter => ({
  async *dump() {
    for await (const facts of reader.readAll('start')) {
      yield facts.map((fact): KeyedFact => ({ ...fact, repeatKey: repeatKeyOf(fact) }));
    }
  },
});

/**
 * Into an empty stream. The stream keeps no repeat key, it is made again from the fact: so that one that was forgotten
 * cannot be kept there yet, and one that was made by another hub key never.
 * @throws Problem beside those of the port, with the position: `forgotten-not-supported`, `repeat-key-differs`; nothing
 * from that fact on is then stored.
 */
export class EventStoreDbImporter implements FactsImporter {
  readonly #stream: Engine;
  readonly #follower: IndexFollower;
  readonly #exporter: FactsExporter;
  readonly #repeatKeyOf: RepeatKeyOf;
  readonly #patience: number;

  constructor(
    stream: Engine,
    follower: IndexFollower,
    { exporter, repeatKeyOf, patience }: { exporter: FactsExporter; repeatKeyOf: RepeatKeyOf; patience: number },
  ) {
    this.#stream = stream;
    this.#follower = follower;
    this.#exporter = exporter;
    this.#repeatKeyOf = repeatKeyOf;
    this.#patience = patience;
  }

  async load(facts: AsyncIterable<readonly KeyedFact[]>): Promise<Position | 'empty'> {
    await this.#follower.catchUp();
    for await (const batch of stillToLoad(facts, this.#exporter.dump())) {
      let fresh: PlannedFact[] = [];
      let bytes = 0;
      for (const fact of batch) {
        const planned = this.#planned(fact);
        if (fresh.length === PAGE_EVENTS || bytes + planned.frame.length > APPEND_BYTES) {
          await this.#append(fresh);
          fresh = [];
          bytes = 0;
        }
        fresh.push(planned);
        bytes += planned.frame.length;
      }
      await this.#append(fresh);
    }
    const { next } = this.#follower.index;
    return next === 0 ? 'empty' : position(next - 1);
  }

  #planned({ repeatKey, ...fact }: KeyedFact): PlannedFact {
    const index = positionNumber(fact.position);
    if (repeatKey === 'forgotten') throw new Problem('forgotten-not-supported', { index });
    if (!sameBytes(this.#repeatKeyOf(fact), repeatKey)) throw new Problem('repeat-key-differs', { index });
    return { fact, repeatKey, frame: frameFact(fact) };
  }

  async #append(fresh: readonly PlannedFact[]): Promise<void> {
    const { next } = this.#follower.index;
    const landed = await settleAppend(this.#stream, this.#follower, { next, fresh }, this.#patience);
    if (!landed) throw new Problem('log-not-empty', { index: next });
  }
}
