import type { FactsReader, StoredFact } from '#event-store/reader';
import { canonicalJson, eventType, instant, position, streamName, type Position } from '#kernel';

export const POLICE = 'uk.svd.police.incident-recorded.v1';
export const EMERGENCY = 'uk.svd.health.ed-attendance-recorded.v1';
export const PROFILE = 'uk.svd.police.incident-profiled.v1';
export const EXCLUSION = 'uk.svd.education.exclusion-profiled.v1';
export const RELEASE = 'uk.svd.prison.release-profiled.v1';

export interface Sample {
  readonly type: string;
  readonly agency: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const CATEGORIES = ['violent-crime', 'robbery', 'possession-of-weapons', 'drugs'];

export const incident = (id: string, data: Readonly<Record<string, unknown>> = {}): Sample => ({
  type: POLICE,
  agency: 'county-police',
  id,
  data: {
    category: 'violent-crime',
    occurredFrom: '2024-01',
    occurredTo: '2024-01',
    timePrecision: 'month',
    place: 'E01031000',
    placeConfidence: 'street',
    lookupVersion: 'lsoa21',
    ...data,
  },
});
export const profile = (id: string, data: Readonly<Record<string, unknown>> = {}): Sample => ({
  type: PROFILE,
  agency: 'county-police',
  id,
  data: { occurredFrom: '2024-01', occurredTo: '2024-01', place: 'E07000222', ageBand: '18-24', sex: 'male', ...data },
});
export const exclusion = (id: string, data: Readonly<Record<string, unknown>> = {}): Sample => ({
  type: EXCLUSION,
  agency: 'county-council',
  id,
  data: {
    kind: 'suspension',
    start: '2023-24/autumn',
    reasons: [{ set: 'national', code: 'OW', list: '2020' }],
    weaponKind: 'not-known',
    weaponAct: 'not-known',
    ageBand: '14-17',
    sex: 'female',
    school: { phase: 'secondary', type: 'academy', district: 'E07000222' },
    ...data,
  },
});

export function storedFact(at: number, { type, agency, id, data }: Sample): StoredFact {
  const source = `urn:svd:agency:${agency}`;
  const event = {
    basis: 'anonymised',
    data,
    datacontenttype: 'application/json',
    id,
    schemaversion: '1.0',
    source,
    specversion: '1.0',
    type,
  };
  return {
    position: position(at),
    recordedTime: instant(1_700_000_000_000 + at),
    stream: streamName(`feed:${agency}:${type}`),
    revision: at,
    nonce: new Uint8Array(16),
    source,
    id,
    type: eventType(type),
    metadata: { agency, basis: 'anonymised' },
    stored: Buffer.from(canonicalJson(event)),
  };
}
export const storedFacts = (samples: readonly Sample[]): StoredFact[] =>
  samples.map((sample, at) => storedFact(at, sample));

/** A log that grows by `push`; batches of `size`. */
export class FactsOfATest implements FactsReader {
  readonly facts: StoredFact[];
  readonly size: number;

  constructor(samples: readonly Sample[] = [], size = 1_000) {
    this.facts = storedFacts(samples);
    this.size = size;
  }

  push(...samples: readonly Sample[]): void {
    for (const sample of samples) this.facts.push(storedFact(this.facts.length, sample));
  }
  async *readAll(after: Position | 'start', until?: Position): AsyncGenerator<readonly StoredFact[]> {
    const end = until === undefined ? this.facts.length : Number(until) + 1;
    for (let from = after === 'start' ? 0 : Number(after) + 1; from < end; from += this.size) {
      yield this.facts.slice(from, Math.min(from + this.size, end));
    }
  }
  async head(): Promise<Position | 'empty'> {
    return this.facts.at(-1)?.position ?? 'empty';
  }
  async at(position: Position): Promise<StoredFact | undefined> {
    return this.facts[Number(position)];
  }
  async find(source: string, id: string): Promise<StoredFact | undefined> {
    return this.facts.find((fact) => fact.source === source && fact.id === id);
  }
  readStream(): never {
    throw new Error('not read by the projector');
  }
  readOwn(): never {
    throw new Error('not read by the projector');
  }
  subscribe(): never {
    throw new Error('not read by the projector');
  }
}
