import type { Agreement, Grant } from './agreement.ts';
import { addMonths } from './calendar.ts';
import { KNOWN_REQUIREMENTS } from './gateway-rules.ts';
import { finerThan } from './grains.ts';
import { gatewayInForce, gatewayOf, type Gateway, type LawPack } from './law-pack.ts';

/** One thing that still stands between a draft and force. `field` is a path of the document, never a value. */
export interface Gap {
  readonly rule: string;
  readonly section?: string;
  readonly field: string;
}

/**
 * What stands between the draft and force (law.md, The operator and Gateways); empty when nothing does. Looks at the
 * document and the law only: whether its parties are enrolled, and the day, are for those who draft and sign it.
 */
export function checkAgreement(agreement: Agreement, law: LawPack): readonly Gap[] {
  return [
    ...dayGaps(agreement),
    ...lawfulGaps(agreement),
    ...(agreement.grants.length === 0 ? [{ rule: 'grants-missing', field: 'grants' }] : []),
    ...agreement.grants.flatMap((grant, i) => grantGaps(agreement, grant, law, `grants.${i}`)),
  ];
}

function dayGaps({ validity, review }: Agreement): readonly Gap[] {
  const gaps: Gap[] = [];
  if (validity.from > validity.to) gaps.push({ rule: 'validity-reversed', field: 'validity.to' });
  if (review <= validity.from || review > validity.to) gaps.push({ rule: 'review-outside-validity', field: 'review' });
  return gaps;
}

function lawfulGaps(agreement: Agreement): readonly Gap[] {
  const gaps: Gap[] = [];
  const { lawful, anonymisationTest: test } = agreement;
  for (const name of ['dpia', 'dpoAdvice', 'article6', 'privacyNotice'] as const)
    if (lawful[name].trim() === '') gaps.push({ rule: `${LAWFUL_RULES[name]}-missing`, field: `lawful.${name}` });
  for (const [i, { agency }] of agreement.contacts.entries())
    if (!agreement.parties.some((party) => party.agency === agency))
      gaps.push({ rule: 'contact-not-a-party', field: `contacts.${i}.agency` });
  if (agreement.contacts.length === 0) gaps.push({ rule: 'contact-missing', field: 'contacts' });
  const health = agreement.grants.some((grant) => grant.types.some((type) => type.startsWith('uk.svd.health.')));
  if (health && agreement.caldicott === undefined)
    gaps.push({ rule: 'caldicott-sign-off-missing', section: 'Caldicott principles', field: 'caldicott' });
  if (test !== undefined && (test.review < test.date || test.review > addMonths(test.date, 12)))
    gaps.push({ rule: 'anonymisation-test-review-too-late', field: 'anonymisationTest.review' });
  return gaps;
}
const LAWFUL_RULES = { dpia: 'dpia', dpoAdvice: 'dpo-advice', article6: 'article-6', privacyNotice: 'privacy-notice' };

function grantGaps(agreement: Agreement, grant: Grant, law: LawPack, at: string): readonly Gap[] {
  const gaps: Gap[] = [];
  const isParty = (agency: string) => agreement.parties.some((party) => party.agency === agency);
  for (const [i, publisher] of grant.publishers.entries())
    if (!isParty(publisher)) gaps.push({ rule: 'publisher-not-a-party', field: `${at}.publishers.${i}` });
  if (!isParty(grant.consumer)) gaps.push({ rule: 'consumer-not-a-party', field: `${at}.consumer` });
  for (const [i, purpose] of grant.purposes.entries())
    if (!agreement.purposes.includes(purpose))
      gaps.push({ rule: 'purpose-not-of-agreement', field: `${at}.purposes.${i}` });
  if (grant.openness === 'open') {
    if (grant.licence === undefined) gaps.push({ rule: 'licence-missing', field: `${at}.licence` });
    if (grant.address === undefined) gaps.push({ rule: 'address-missing', field: `${at}.address` });
  } else if (grant.licence !== undefined || grant.address !== undefined)
    gaps.push({ rule: 'openness-contradicted', field: `${at}.openness` });
  const gateway = gatewayOf(law, grant.gateway);
  if (gateway === undefined) gaps.push({ rule: 'gateway-unknown', field: `${at}.gateway` });
  else gaps.push(...gatewayGaps(agreement, grant, gateway, at));
  return gaps;
}

function gatewayGaps(agreement: Agreement, grant: Grant, gateway: Gateway, at: string): readonly Gap[] {
  const gaps: Gap[] = [];
  const gap = (rule: string, field: string, section = gateway.source) => gaps.push({ rule, section, field });
  const { from, to } = agreement.validity;
  if (!gatewayInForce(gateway, from) || !gatewayInForce(gateway, to)) gap('gateway-not-in-force', `${at}.gateway`);
  if (!gateway.carries.includes(grant.mode)) gap('mode-not-available', `${at}.mode`);
  for (const [i, type] of grant.types.entries())
    if (!gateway.types.includes(type)) gap('type-not-carried', `${at}.types.${i}`);
  const serves = (side: Gateway['from'], agency: string) =>
    side === 'any' || agreement.parties.some((party) => party.agency === agency && side.includes(party.capacity));
  if (!serves(gateway.to, grant.consumer)) gap('capacity-not-served', `${at}.consumer`);
  for (const [i, publisher] of grant.publishers.entries())
    if (!serves(gateway.from, publisher)) gap('capacity-not-served', `${at}.publishers.${i}`);
  for (const { rule, source } of gateway.requires) {
    if (!KNOWN_REQUIREMENTS.includes(rule)) gap('gateway-rule-unknown', `${at}.gateway`, source);
    if (rule !== 'anonymisation-test') continue;
    const test = agreement.anonymisationTest;
    if (test === undefined) gap('anonymisation-test-missing', 'anonymisationTest', source);
    else if (finerThan(grant.place, test.place)) gap('anonymisation-test-too-coarse', `${at}.place`, source);
  }
  return gaps;
}
