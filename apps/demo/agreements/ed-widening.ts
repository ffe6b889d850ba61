import { edInjurySurveillance } from './ed-injury-surveillance.agreement.ts';
import type { AgreementDraft } from './terms.ts';

/**
 * What analysts might ask for next: the places of assaults by LSOA. A draft to be rehearsed, never sent by the demo. The
 * recorded anonymisation tests cover districts, so that it cannot be signed before somebody has made others.
 */
export function edWidening(day: string): AgreementDraft {
  const agreement = edInjurySurveillance(day);
  return {
    ...agreement,
    grants: agreement.grants.map((grant) => (grant.id === 'places' ? { ...grant, place: 'lsoa' } : grant)),
  };
}
