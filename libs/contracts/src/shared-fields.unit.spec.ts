import { isSexualDetail, isSexualGroup } from './offence-codes.ts';
import { sessionBandOf } from './events/school-exclusion.events.ts';
import { ageBandOf } from './shared-fields.ts';

describe('bands', () => {
  it('age: both edges of each', () => {
    expect([0, 9, 10, 13, 14, 17, 18, 24, 25, 30, 31, 49, 50, 104].map(ageBandOf)).toEqual([
      ...[
        '0-9',
        '0-9',
        '10-13',
        '10-13',
        '14-17',
        '14-17',
        '18-24',
        '18-24',
        '25-30',
        '25-30',
        '31-49',
        '31-49',
        '50+',
        '50+',
      ],
    ]);
  });
  it('sessions: both edges of each', () => {
    expect([0, 1, 2, 3, 4, 5, 10, 11, 20, 21, 90].map(sessionBandOf)).toEqual([
      ...['0', '1-2', '1-2', '3-4', '3-4', '5-10', '5-10', '11-20', '11-20', '21-90', '21-90'],
    ]);
  });
});

describe('offence codes', () => {
  it('knows sexual detail from the group', () => {
    for (const code of [
      '17A',
      '17B',
      '19C',
      '20A',
      '21',
      '22B',
      '23',
      '70',
      '71',
      '72',
      '73',
      '88A',
      '88E',
      'rape',
      'other-sexual-offences',
    ]) {
      expect(isSexualDetail(code)).toBe(true);
    }
    for (const code of [
      '1-4.1-4.10-4.2',
      '2',
      '8N',
      '10D',
      '34A',
      '90',
      '105A',
      '16',
      '24',
      '27',
      '37.2',
      '81',
      '126',
      '814',
      '170',
      'robbery',
      'sexual-offences',
    ]) {
      expect(isSexualDetail(code)).toBe(false);
    }
    expect(isSexualGroup('sexual-offences')).toBe(true);
  });
});
