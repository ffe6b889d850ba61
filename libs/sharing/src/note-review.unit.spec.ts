import { isReviewOverdue, noteReview } from './note-review.ts';
import { Acting, guardianOf, on } from './testing/acting.ts';
import { agreement, asha, History, piotr } from './testing/personas.ts';

const text = agreement({ review: '2026-12-01' });
const noted = (acting: Acting, day: string) => {
  const { state } = acting;
  if (state === undefined) throw new Error('it was drafted');
  const { events } = noteReview(state, on(day));
  acting.history.add(...events);
  return events.map(({ data }) => data);
};
const overdue = (acting: Acting, day: string) =>
  acting.state?.versions
    .filter((one) => acting.state && isReviewOverdue(acting.state, one, day))
    .map((one) => one.version);

describe('a review', () => {
  it('is overdue from the day after it was due, on record once for each version, and stops nothing', () => {
    const acting = new Acting(History.begun().inForce(text));
    expect([noted(acting, '2026-12-01'), overdue(acting, '2026-12-01')]).toEqual([[], []]);
    expect(noted(acting, '2026-12-02')).toEqual([{ agreement: text.id, version: 1, review: '2026-12-01' }]);
    expect([noted(acting, '2026-12-03'), overdue(acting, '2026-12-03')]).toEqual([[], [1]]);
    expect(acting.answers('2026-12-03')).toBe('v1 county-police');
    const edited = agreement({
      title: 'Reviewed',
      review: '2027-01-05',
      validity: { from: '2026-12-04', to: '2027-12-31' },
    });
    acting.agrees(edited, piotr, asha);
    expect([overdue(acting, '2026-12-04'), noted(acting, '2026-12-04')]).toEqual([[], []]);
    expect(noted(acting, '2027-01-06')).toEqual([{ agreement: text.id, version: 2, review: '2027-01-05' }]);
  });

  it('is of what stands: not of a draft, nor of what is over; of what is suspended too', () => {
    const acting = new Acting();
    acting.drafts(piotr, text);
    expect(noted(acting, '2026-12-02')).toEqual([]);
    acting.signs(piotr, text);
    acting.signs(asha, text);
    expect(noted(acting, '2028-01-01')).toEqual([]);
    acting.suspends(guardianOf('county-police'));
    expect(overdue(acting, '2026-12-02')).toEqual([1]);
    acting.ends(piotr);
    expect([overdue(acting, '2026-12-02'), noted(acting, '2026-12-02')]).toEqual([[], []]);
  });
});
