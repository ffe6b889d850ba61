import { createHash } from 'node:crypto';
import { buildCounty } from '../county/county.ts';
import { MONTHS } from './calendar.ts';
import type { AnonymisedEvent } from './envelope.ts';
import { pushes, USUAL, type Push } from './feeds.ts';

const county = buildCounty();
const FEW = { ...USUAL, events: 4_000 };

const digestOf = (all: Iterable<Push>): string => {
  const hash = createHash('sha256');
  for (const push of all) hash.update(JSON.stringify(push));
  return hash.digest('hex');
};
const field = (event: AnonymisedEvent, name: string): unknown =>
  (event.data as Readonly<Record<string, unknown>>)[name];
const eventsOf = (all: Iterable<Push>): AnonymisedEvent[] =>
  [...all].flatMap((push) => (push.kind === 'events' ? push.events : []));

describe('what the county publishes', () => {
  it('is the same bytes for the same seed, and others for another', () => {
    const once = digestOf(pushes(county, FEW));
    expect(digestOf(pushes(buildCounty(), FEW))).toBe(once);
    expect(digestOf(pushes(county, { ...FEW, seed: 'another' }))).not.toBe(once);
  });

  it('gives each month by itself', () => {
    const alone = digestOf(pushes(county, { ...FEW, months: ['2025-05'] }));
    expect(digestOf([...pushes(county, FEW)].filter((push) => push.month === '2025-05'))).toBe(alone);
  });

  it('comes to the totals that the README states', () => {
    const totals: Record<string, number> = {};
    for (const push of pushes(county, USUAL)) {
      const [feed, count] = push.kind === 'street-file' ? ['street file', push.rows] : [push.name, push.events.length];
      totals[feed] = (totals[feed] ?? 0) + count;
    }
    expect(totals).toEqual({
      'street file': 60_414,
      'police profiles': 8_287,
      'emergency department places': 3_496,
      'emergency department profiles': 3_496,
      exclusions: 2_955,
      releases: 1_051,
    });
  });

  it('never repeats an id, and shares none between the halves of an occurrence', () => {
    const events = eventsOf(pushes(county, FEW));
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    const submissions = new Map<string, Set<string>>();
    for (const event of events) {
      const feed = `${event.source} ${event.type}`;
      submissions.set(event.submission, (submissions.get(event.submission) ?? new Set()).add(feed));
    }
    for (const feeds of submissions.values()) expect(feeds.size).toBe(1);
  });

  it('orders the profiles of a month unlike its places', () => {
    const month = [...pushes(county, { ...USUAL, months: ['2024-11'] })];
    const of = (name: string): readonly AnonymisedEvent[] => {
      const push = month.find((each) => each.kind === 'events' && each.name === name);
      return push?.kind === 'events' ? push.events : [];
    };
    const districts = new Map(county.areas.map((area) => [area.lsoa, area.district]));
    const placed = of('emergency department places').map((event) => String(field(event, 'place')));
    const profiled = of('emergency department profiles').map((event) => String(field(event, 'place')));
    const same = placed.filter((place, i) => (districts.get(place) ?? place) === profiled[i]).length;
    expect(placed).toHaveLength(profiled.length);
    expect(same).toBeLessThan(placed.length * 0.6);
  });

  it('shows the change that the county went through', () => {
    const [first, last] = [MONTHS.slice(0, 6), MONTHS.slice(-6)].map((months) =>
      eventsOf(pushes(county, { ...USUAL, months })).filter((event) => field(event, 'weapon') === 'sharp'),
    );
    const sharp = (events: readonly AnonymisedEvent[] = [], district: string): number =>
      events.filter((event) => field(event, 'place') === district).length;
    expect(sharp(last, 'E06990001')).toBeLessThan(0.8 * sharp(first, 'E06990001'));
    expect(sharp(last, 'E07990003')).toBeGreaterThan(1.4 * sharp(first, 'E07990003'));
  });

  it('keeps the layout of the street files', () => {
    const [file] = pushes(county, { ...FEW, months: ['2024-07'] });
    if (file?.kind !== 'street-file') throw new Error('no street file');
    const lines = file.text.split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(file.rows + 1);
    for (const line of lines) expect(line.split(',')).toHaveLength(12);
  });
});
