import { clockFormOf, compareClock, daysSpanned, monthOf, partOfDay, shapeOf, startOf } from './clock-time.ts';

describe('clock time', () => {
  it.each([
    ['2024-01-13T15', 'hour'],
    ['2024-01-13/evening', 'part-of-day'],
    ['2024-01-13/early-afternoon', 'part-of-day'],
    ['2024-02-29', 'date'],
    ['2000-02-29', 'date'],
    ['2024-01', 'month'],
    ['2024-Q1', 'quarter'],
    ['2023-24/autumn', 'term'],
    ['1999-00/summer', 'term'],
  ] as const)('%s is a %s', (text, form) => {
    expect(clockFormOf(text)).toBe(form);
    expect(shapeOf(text)).toBe(form);
  });

  it.each([
    ...[
      '2024-02-30',
      '2023-02-29',
      '1900-02-29',
      '1989-12-31',
      '1989-Q4',
      '1989-90/autumn',
      '1984-02',
      '2024-04-31',
      '2024-06-31',
      '2024-09-31',
      '2024-11-31',
      '2024-02-31T10',
      '2023-02-29/night',
    ],
    ...[
      '2024-13',
      '2024-00',
      '2024-01-00',
      '2024-01-32',
      '2024-01-13T24',
      '2024-01-13T1',
      '2024-01-13T15:30',
      '2024-01-13T15Z',
      '2024-Q5',
      '2024-Q0',
    ],
    ...[
      '2023-25/autumn',
      '2023-23/autumn',
      '2023-24/winter',
      '2023-24',
      '24-01',
      '2024',
      '0999-01',
      '2024-01-13/noon',
      ' 2024-01',
      '2024-01\n',
      '٢٠٢٤-01',
      '',
    ],
  ])('%j is no time', (text) => expect(clockFormOf(text)).toBeUndefined());

  it('orders texts of one form, the parts of a day as the day goes', () => {
    const parts = ['night', 'morning', 'early-afternoon', 'after-school', 'evening'].map(
      (part) => `2024-01-13/${part}`,
    );
    const inOrder = [
      ['2023-12', '2024-01'],
      ['2024-01-31T23', '2024-02-01T00'],
      ['2023-24/autumn', '2023-24/spring', '2023-24/summer'],
      parts,
    ];
    for (const texts of inOrder) expect([...texts].reverse().sort(compareClock)).toEqual(texts);
    expect(compareClock('2024-01-13/evening', '2024-01-14/night')).toBeLessThan(0);
    expect(compareClock('2024-01', '2024-01')).toBe(0);
  });

  it.each([
    ['2024-01-13T15', '2024-01-13T15'],
    ['2024-01-13', '2024-01-13'],
    ['2024-01', '2024-01'],
    ['2024-Q1', '2024-01'],
    ['2024-Q2', '2024-04'],
    ['2024-Q3', '2024-07'],
    ['2024-Q4', '2024-10'],
    ['2024-01-13/night', '2024-01-13T00'],
    ['2024-01-13/morning', '2024-01-13T06'],
    ['2024-01-13/early-afternoon', '2024-01-13T12'],
    ['2024-01-13/after-school', '2024-01-13T15'],
    ['2024-01-13/evening', '2024-01-13T18'],
    ['2023-24/autumn', '2023-08'],
    ['2023-24/spring', '2024-01'],
    ['1999-00/summer', '2000-04'],
  ])('%s begins at %s', (text, start) => expect(startOf(text)).toBe(start));

  it.each([
    ['2024-01-13', '2024-01-13', 1],
    ['2024-01-13T22', '2024-01-14T02', 2],
    ['2024-01-13/night', '2024-01-13/evening', 1],
    ['2024-02', '2024-02', 29],
    ['2024-01', '2024-12', 366],
    ['2023-03', '2024-02', 366],
    ['2023-01', '2024-01', 396],
    ['2023-01-01', '2024-01-01', 366],
    ['2023-01-01', '2024-01-02', 367],
  ])('%s to %s touches %d days', (from, to, days) => expect(daysSpanned(from, to)).toBe(days));

  it('knows the part of the day of an hour, and the month of a time', () => {
    expect([0, 5, 6, 11, 12, 14, 15, 17, 18, 23].map(partOfDay)).toEqual([
      ...[
        'night',
        'night',
        'morning',
        'morning',
        'early-afternoon',
        'early-afternoon',
        'after-school',
        'after-school',
        'evening',
        'evening',
      ],
    ]);
    expect(['2024-01-13T15', '2024-01-13/night', '2024-01-13', '2024-01'].map(monthOf)).toEqual(
      Array(4).fill('2024-01'),
    );
    expect(['2024-Q1', '2023-24/autumn'].map(monthOf)).toEqual([undefined, undefined]);
  });
});
