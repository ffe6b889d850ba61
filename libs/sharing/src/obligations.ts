import type { Obligation } from '#contracts';
import type { Agreement } from './agreement.ts';
import { moved } from './calendar.ts';

/** What the recipient owes for what one agreement contributed, given on a day: exact where `open`, under s.17 where `monitoring`. */
export function obligationsOf(
  agreement: Agreement,
  { open, monitoring }: { readonly open: boolean; readonly monitoring: boolean },
  day: string,
): readonly Obligation[] {
  const owed = (obligation: Obligation['obligation']): Obligation => ({ obligation, agreement: agreement.id });
  return [
    // a period that can't be read leaves nothing to keep it for
    { ...owed('destroy-by'), by: moved(day, agreement.retention, 1) ?? day },
    owed(agreement.onwardSharing === 'none' ? 'no-onward-sharing' : 'onward-sharing-with-consent-of-publisher'),
    ...(open ? [owed('cite-licence')] : []),
    ...(monitoring ? [owed('use-for-monitoring-only')] : []),
  ];
}
