import { CodeLists, readEvent, type CodesPack } from '#contracts';
import type { Instant } from '#kernel';
import type { RowEvent } from '../connector.ts';
import { chunks, CONTEXT, HEADER, realFile, street } from '../testing/street-file.ts';
import { policeStreetCsv } from './index.ts';
import { slug } from './street-row.ts';

const list = (...names: string[]) => ({
  title: 'As published',
  version: '2024',
  codes: Object.fromEntries(names.map((name) => [slug(name), name])),
});
const pack: CodesPack = {
  kind: 'codes',
  version: 'street-2024',
  title: 'Street crime',
  source: 'data.police.uk',
  licence: 'OGL v3',
  lists: {
    'street-category': list(
      'Anti-social behaviour',
      'Bicycle theft',
      'Burglary',
      'Criminal damage and arson',
      'Drugs',
      'Other crime',
      'Other theft',
      'Possession of weapons',
      'Public order',
      'Robbery',
      'Shoplifting',
      'Theft from the person',
      'Vehicle crime',
      'Violence and sexual offences',
    ),
    'street-outcome': list(
      'Action to be taken by another organisation',
      'Awaiting court outcome',
      'Formal action is not in the public interest',
      'Further action is not in the public interest',
      'Further investigation is not in the public interest',
      'Investigation complete; no suspect identified',
      'Local resolution',
      'Offender given a caution',
      'Unable to prosecute suspect',
      'Under investigation',
    ),
  },
};
const agency = CONTEXT.agency;
const now = '2026-11-23T12:00:00.000Z' as Instant;
const outcomeOf = (bytes: Uint8Array, codes = new CodeLists(pack)) => readEvent(bytes, { agency, codes, now });

async function events(text: string | Uint8Array): Promise<RowEvent[]> {
  const all: RowEvent[] = [];
  for await (const reading of policeStreetCsv.read(chunks(text, 65_536), CONTEXT))
    if ('event' in reading) all.push(reading);
  return all;
}

/** Milliseconds: whole published files, on a machine that does other things too. */
const PATIENCE = 60_000;

describe('street events as the registry reads them', () => {
  const rows = [street({ id: 'a'.repeat(64), outcome: 'Local resolution' }), street({ lsoa: '' })];

  it(
    'are fit, with the bytes and id that were sent, and so are their corrections',
    async () => {
      for (const reading of await events([HEADER, ...rows].join('\n'))) {
        for (const sent of [reading.event, reading.correction()]) {
          const read = outcomeOf(sent.bytes);
          expect(read).toMatchObject({ outcome: 'event', event: { id: sent.id, way: 'P' } });
          if (read.outcome === 'event') expect(Buffer.from(read.event.canonical)).toEqual(Buffer.from(sent.bytes));
        }
        expect(outcomeOf(reading.correction().bytes)).toMatchObject({ event: { corrects: { id: reading.event.id } } });
      }
    },
    PATIENCE,
  );

  it(
    'are held, not refused, where no list has their crime type yet',
    async () => {
      const [unknown] = await events([HEADER, street({ type: 'Moon theft' })].join('\n'));
      expect(outcomeOf(unknown?.event.bytes ?? Buffer.of())).toMatchObject({
        outcome: 'hold',
        field: 'data.category',
        reason: 'code-unmapped',
      });
    },
    PATIENCE,
  );

  const january = realFile('police/2024-01-warwickshire-street.csv');
  (january === undefined ? it.skip : it)(
    'are all fit in the published file of January 2024',
    async () => {
      const outcomes = new Map<string, number>();
      for (const { event } of await events(january ?? Buffer.of())) {
        const read = outcomeOf(event.bytes);
        const what = read.outcome === 'event' ? 'event' : `${read.outcome} ${read.field}`;
        outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
      }
      expect(Object.fromEntries(outcomes)).toEqual({ event: 3882 });
    },
    PATIENCE,
  );
});
