import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { position, Problem, type Position } from '#kernel';
import { PROJECTIONS } from '../projections.ts';
import { type ModelName, type ParkedFact, type ProjectionStatus } from '../read-models.ts';
import type { Projection } from '../projection.ts';
import { integer, string } from './models-database.ts';

export interface LiveBuild {
  /** 0 and 0 before the first build. */
  readonly version: number;
  readonly build: number;
  /** -1: no fact yet. */
  readonly position: number;
}

export function liveBuild(db: DatabaseSync, projection: string): LiveBuild {
  const row = db
    .prepare('SELECT version, build, position FROM live JOIN progress USING (build) WHERE projection = ?')
    .get(projection);
  if (row === undefined) return { version: 0, build: 0, position: -1 };
  return { version: integer(row['version']), build: integer(row['build']), position: integer(row['position']) };
}

/** As a position: -1 is `empty`. */
export const positionOf = (n: number): Position | 'empty' => (n < 0 ? 'empty' : position(n));

/** `head`: number of the last fact of the log as last seen, -1 when empty. Within one read transaction. */
export function statusOf(db: DatabaseSync, head: number, state: ProjectionStatus['state']): ProjectionStatus[] {
  return PROJECTIONS.map((projection) => statusOfOne(db, projection, head, state));
}

function statusOfOne(
  db: DatabaseSync,
  { name }: Projection,
  head: number,
  state: ProjectionStatus['state'],
): ProjectionStatus {
  const live = liveBuild(db, name);
  const counted = db
    .prepare(
      "SELECT count(*) AS parked, coalesce(sum(state = 'skipped'), 0) AS skipped FROM parked WHERE build = ? AND projection = ?",
    )
    .get(live.build, name);
  const parked = integer(counted?.['parked']);
  const growing = db
    .prepare('SELECT build, position FROM progress WHERE build > ? ORDER BY build DESC LIMIT 1')
    .get(live.build);
  return {
    name,
    version: live.version,
    build: live.build,
    position: positionOf(live.position),
    applied: live.position + 1 - parked,
    parked,
    skipped: integer(counted?.['skipped']),
    pending: Math.max(0, head - live.position),
    state,
    ...(growing === undefined
      ? {}
      : { rebuilding: { build: integer(growing['build']), position: positionOf(integer(growing['position'])) } }),
  };
}

const PARKED = `SELECT p.projection, position, code, tries, state
  FROM parked p JOIN live ON live.projection = p.projection AND live.build = p.build`;

/** Of the live builds, in order of position. */
export const parkedFacts = (db: DatabaseSync): ParkedFact[] =>
  db.prepare(`${PARKED} ORDER BY position, p.projection`).all().map(parkedFact);

const ID = /^([a-z-]{1,40}):(0|[1-9]\d{0,15})$/;
/** @throws Problem `parked-unknown` when no live build holds such a fact. */
export function findParked(db: DatabaseSync, id: string): ParkedFact {
  const parts = ID.exec(id);
  const row =
    parts && db.prepare(`${PARKED} WHERE p.projection = ? AND position = ?`).get(parts[1] ?? '', Number(parts[2]));
  if (row === null || row === undefined) throw new Problem('parked-unknown');
  return parkedFact(row);
}

function parkedFact(row: Record<string, SQLOutputValue>): ParkedFact {
  const projection = string(row['projection']) as ModelName;
  return {
    id: `${projection}:${integer(row['position'])}`,
    projection,
    position: position(integer(row['position'])),
    code: string(row['code']),
    tries: integer(row['tries']),
    state: row['state'] === 'skipped' ? 'skipped' : 'parked',
  };
}
