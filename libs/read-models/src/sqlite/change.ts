import type { SQLInputValue } from 'node:sqlite';
import type { StoredFact } from '#event-store/reader';
import { correctionOf, occurrenceKey, ORIGINAL } from '../occurrence.ts';
import type { Projection, PublishedEvent } from '../projection.ts';
import { NOTHING, type Dictionary } from './dictionary.ts';

/** What a fact does to a model: found from the fact alone. */
export interface Change {
  readonly key: Uint8Array;
  /** Key of the event that it corrects. */
  readonly target: Uint8Array | undefined;
  readonly rank: number;
  /** 1 when the row leaves the counts, and each column's number. */
  readonly row: readonly SQLInputValue[];
}

/** @throws Problem when the projection can't place the event. */
export function changeOf(
  projection: Projection,
  dictionary: Dictionary,
  fact: StoredFact,
  event: PublishedEvent,
): Change {
  const key = occurrenceKey(fact.source, fact.id);
  const correction = correctionOf(event.data);
  if (correction === undefined) {
    return { key, target: undefined, rank: ORIGINAL, row: coded(projection, dictionary, event) };
  }
  return {
    key,
    target: occurrenceKey(fact.source, correction.id),
    rank: Number(fact.position) + 1,
    row: correction.removes ? removed(projection) : coded(projection, dictionary, event),
  };
}

function coded(projection: Projection, dictionary: Dictionary, event: PublishedEvent): SQLInputValue[] {
  const values = projection.row(event);
  const { columns } = projection;
  const row = new Array<SQLInputValue>(values.length + 1);
  row[0] = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'string') row[i + 1] = dictionary.numberOf(value);
    else row[i + 1] = value ?? (columns[i]?.kind === 'text' ? NOTHING : null);
  }
  return row;
}

const removed = ({ columns }: Projection): SQLInputValue[] => [
  1,
  ...columns.map(({ kind }) => (kind === 'text' ? NOTHING : null)),
];
