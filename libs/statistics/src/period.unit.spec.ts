import type { Instant } from '#kernel';
import { closedAt, fills, monthsOf, parsePeriod, partOf, rowTimesIn, type Period } from './period.ts';

const period = (text: string): Period => {
  const read = parsePeriod(text);
  if (read === undefined) throw new Error(text);
  return read;
};
const closed = (text: string, at: string) => closedAt(period(text), at as Instant);

describe('a period', () => {
  it.each([
    ['2024-01', 'month'],
    ['2024-Q1', 'quarter'],
    ['2024', 'year'],
  ])('%s is a %s', (text, grain) => {
    expect(parsePeriod(text)).toEqual({ text, grain });
  });
  it.each([
    '',
    '2024-13',
    '2024-00',
    '2024-1',
    '2024-Q0',
    '2024-Q5',
    '2024-q1',
    '24',
    '2024-01-01',
    ' 2024',
    '2024\n',
    '3024',
  ])('%j is none', (text) => {
    expect(parsePeriod(text)).toBeUndefined();
  });

  it('holds its months', () => {
    expect(monthsOf(period('2024-02'))).toEqual(['2024-02']);
    expect(monthsOf(period('2024-Q4'))).toEqual(['2024-10', '2024-11', '2024-12']);
    expect(monthsOf(period('2024'))).toHaveLength(12);
    expect(monthsOf(period('2024')).at(-1)).toBe('2024-12');
  });

  it('holds the times that its rows can carry', () => {
    expect(rowTimesIn(period('2024-Q2'), 'month')).toEqual(['2024-04', '2024-05', '2024-06']);
    expect(rowTimesIn(period('2024-Q2'), 'quarter')).toEqual(['2024-Q2']);
    expect(rowTimesIn(period('2024'), 'quarter')).toEqual(['2024-Q1', '2024-Q2', '2024-Q3', '2024-Q4']);
    expect(rowTimesIn(period('2024'), 'term')).toEqual(['2023-24/spring', '2023-24/summer', '2024-25/autumn']);
    expect(rowTimesIn(period('2000'), 'term')).toEqual(['1999-00/spring', '1999-00/summer', '2000-01/autumn']);
  });

  it('holds each of them', () => {
    for (const text of ['2024-03', '2024-Q1', '2024'])
      for (const time of ['month', 'quarter', 'term'] as const) {
        const { grain } = period(text);
        if (!fills(time, grain)) continue;
        for (const row of rowTimesIn(period(text), time)) expect(partOf(row, grain)).toBe(text);
      }
  });

  it('is closed when its last day in London is over', () => {
    expect(closed('2024-06', '2024-06-30T22:59:59.999Z')).toBe(false);
    expect(closed('2024-06', '2024-06-30T23:00:00.000Z')).toBe(true);
    expect(closed('2024-01', '2024-01-31T23:59:59.999Z')).toBe(false);
    expect(closed('2024-01', '2024-02-01T00:00:00.000Z')).toBe(true);
    expect(closed('2024-Q1', '2024-03-31T23:00:00.000Z')).toBe(true);
    expect(closed('2024', '2024-12-31T12:00:00.000Z')).toBe(false);
    expect(closed('2024', '2025-01-01T00:00:00.000Z')).toBe(true);
  });
});
