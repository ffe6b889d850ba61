import type { Obligation, View } from '#contracts';
import type { Agreement } from './agreement.ts';
import { moved } from './calendar.ts';

/** What the recipient owes for what one agreement contributed, given on a day. */
export function obligationsOf(agreement: Agreement, views: readonly View[], day: string): readonly Obligation[] {
  const owed = (obligation: Obligation['obligation']): Obligation => ({ obligation, agreement: agreement.id });
  const by = moved(day, agreement.retention, 1);
  return [
    { ...owed('destroy-by'), by: by ?? day },
    owed(agreement.onwardSharing === 'none' ? 'no-onward-sharing' : 'onward-sharing-with-consent-of-publisher'),
    ...(views.some((view) => view.openness === 'open') ? [owed('cite-licence')] : []),
    ...(views.some((view) => view.labels.has('s17-only')) ? [owed('use-for-monitoring-only')] : []),
  ];
}
