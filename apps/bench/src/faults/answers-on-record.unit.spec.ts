import { compareAnswers, type ReceivedAnswer, type RecordedAnswer } from './answers-on-record.ts';

const shape = { agency: 'bench-analysts', operation: 'releases.table', question: '{"rows":"category"}' };
const permit = { ...shape, decision: 'permit bench-counts v1' };
const refusal = { ...shape, decision: 'refuse place-too-fine' };
const record = (disclosureId: string, answer: ReceivedAnswer = permit): RecordedAnswer => ({ ...answer, disclosureId });

describe('answers held against the access records', () => {
  it('are found, with an id or without, and records of what never arrived are no fault', () => {
    const answers = [{ ...permit, disclosureId: 'a' }, permit, { ...refusal, disclosureId: 'b' }];
    const records = [record('a'), record('b', refusal), record('c'), record('cut-off', refusal)];
    expect(compareAnswers(answers, records)).toEqual({ missing: [], different: [] });
  });

  it('are missed when the record of one is taken away', () => {
    const answers = ['a', 'b', 'c'].map((disclosureId) => ({ ...permit, disclosureId }));
    const found = compareAnswers(answers, [record('a'), record('c')]);
    expect(found).toEqual({ missing: [answers[1]], different: [] });
  });

  it('are missed when those without an id are more than the records left', () => {
    const records = [record('a'), record('b')];
    expect(compareAnswers([{ ...permit, disclosureId: 'a' }, permit], records).missing).toEqual([]);
    expect(compareAnswers([{ ...permit, disclosureId: 'a' }, permit, permit], records).missing).toEqual([permit]);
    // a record of another question is nobody's
    expect(compareAnswers([refusal], records).missing).toEqual([refusal]);
  });

  it('are missed when two bear one id', () => {
    const twice = { ...permit, disclosureId: 'a' };
    expect(compareAnswers([twice, twice], [record('a'), record('b')]).missing).toEqual([twice]);
  });

  it.each<[string, Partial<ReceivedAnswer>]>([
    ['decision', { decision: 'refuse role-not-held' }],
    ['question', { question: '{"rows":"outcome"}' }],
    ['agency', { agency: 'bench-police' }],
    ['operation', { operation: 'releases.list' }],
  ])('are told apart from a record with another %s', (_, other) => {
    const answer = { ...permit, disclosureId: 'a' };
    expect(compareAnswers([answer], [record('a', { ...permit, ...other })])).toEqual({
      missing: [],
      different: [answer],
    });
  });
});
