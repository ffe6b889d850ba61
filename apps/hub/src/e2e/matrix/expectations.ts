import { LATER } from './expectations-later.ts';
import type { OfAgreement, Roles, Row, Whose } from './words.ts';

/**
 * Who may do what, written from the design documents (`api.md`, `hub.md`, `law.md`, and the decision records that
 * narrow them) and from nothing else: not from the code that it is held against. One line an operation; whoever a line
 * doesn't name is denied. Where code and table differ, the documents decide which of the two is wrong.
 */

type Line = readonly [call: string, roles: Roles, whose: Whose, agreement: OfAgreement, source: string];

const ANY = 'any role';
const NO_SIGN_IN = 'no sign-in';

// prettier-ignore
const NOW: readonly Line[] = [
  // ── Publish ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  ['POST /v1/events', ['publisher'], 'own source', 'takes-in', 'api.md Publish: "Rejected (nothing stored): … not your source, no agreement (`agreement-required`)"; law.md The operator: "Nothing is taken in from a publisher without an agreement in force that covers what it sends"'],
  ['GET /v1/receipts/{position}', ['publisher'], 'own record', 'any', 'api.md Publish: "the publisher’s own receipt"; hub.md §12: "404 for “exists but not for you”"'],
  ['GET /v1/quarantine', ['publisher'], 'own agency', 'any', 'api.md Publish: "the publisher’s own held records"'],
  ['POST /v1/quarantine/{id}/release', ['publisher'], 'own record', 'takes-in', 'api.md Publish: "the publisher’s own held records"; hub.md §13: "releasing it runs the whole pipeline again"'],
  ['POST /v1/quarantine/{id}/discard', ['publisher'], 'own record', 'any', 'api.md Publish: "the publisher’s own held records"'],
  // ── Govern ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  ['POST /v1/agencies', ['operator'], 'own agency', 'any', 'api.md Who may call the rest: "`POST agencies` … operator"; ADR 0003: "`operator` and `auditor` are held only where an enrolment names them"'],
  ['GET /v1/agencies', ANY, 'own agency', 'any', 'api.md Who may call the rest: "`GET agencies` … any, for its own agency"'],
  ['PUT /v1/reference/{kind}/{version}', ['steward'], 'host', 'any', 'api.md Who may call the rest: "`reference/…` … steward"; ADR 0003: "To offer or to adopt one takes a `steward` of an agency that holds the capacity `host`"'],
  ['POST /v1/reference/{kind}/{version}/adoption', ['steward'], 'host', 'any', 'api.md Govern: "`POST …/adoption` (steward)"; ADR 0003: "To offer or to adopt one takes a `steward` of … `host`"'],
  ['GET /v1/reference/geography/{version}/boundaries', ANY, 'own agency', 'any', 'api.md Who may call the rest: "`…/boundaries` … any, for its own agency"'],
  ['POST /v1/agreements', ['steward'], 'party of the draft', 'any', 'api.md Who may call the rest: "`agreements` draft and edit … steward"; hub.md §2.1: "Deny by default"'],
  ['GET /v1/agreements', ANY, 'own agency', 'any', 'hub.md §5: "`own` (the caller’s agency’s receipts, quarantine, roster, agreements)"'],
  ['GET /v1/agreements/{id}', ANY, 'party or auditor', 'any', 'api.md Who may call the rest: "`agreements/{id}`, `…/text`: any role of a party, auditor"'],
  ['PUT /v1/agreements/{id}', ['steward'], 'party', 'open', 'api.md Who may call the rest: "`agreements` draft and edit … steward"; ADR 0007 on ending: over for good, so that nothing of it is edited or signed'],
  ['POST /v1/agreements/{id}/signatures', ['signatory'], 'party', 'open', 'api.md Who may call the rest: "`…/signatures` … signatory … of any party"; hub.md §7: "signed by every party"'],
  // ── Ask ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  ['POST /v1/releases', ['steward'], 'host', 'any', 'api.md Ask: "`POST /v1/releases` … steward"; hub.md §14: "0 counts recoverable by … insertion", which a publisher that chose the moment could; ADR 0003'],
  ['GET /v1/releases', ['analyst'], 'consumer of a grant', 'discloses', 'api.md Ask: "every call names `purpose=`", "`GET /v1/releases` … analyst"'],
  ['GET /v1/releases/{id}/table', ['analyst'], 'consumer of a grant', 'discloses', 'api.md Ask: "`GET /v1/releases/{id}/table` … analyst"; "In order: `no-agreement`, `not-a-party`, `purpose-not-granted`"'],
  // ── Audit ────────────────────────────────────────────────────────────────────────────────────────────────────────────
  ['GET /v1/audit/entries', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor`; payload-free …)"; hub.md §5: "permitted by role under the built-in agreement `oversight`"'],
  ['GET /v1/audit/bundle', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor` …)", "`GET /v1/audit/bundle`"'],
  ['GET /v1/audit/log/{log}/checkpoint', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor` …)", "`/v1/audit/log/{facts|access}/checkpoint`"'],
    ['GET /v1/audit/log/{log}/proof/consistency', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor` …)", "`…/proof/consistency?from=&to=`"'],
  ['GET /v1/audit/log/{log}/proof/inclusion', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor` …)", "`…/proof/inclusion?index=&size=`"'],
  ['GET /v1/audit/log/{log}/tile/{path}', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor` …)", "`…/tile/…` (C2SP layout)"'],
  ['GET /v1/audit/log/{log}/tile/entries/{path}', ['auditor'], 'own agency', 'any', 'api.md Audit: "(`auditor` …)", "`…/tile/…` (C2SP layout)"'],
  // ── Operate ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  ['GET /metrics', ['operator'], 'own agency', 'any', 'hub.md §12: "`/metrics` (Prometheus, operator only)"'],
  ['GET /v1/projections', ['operator'], 'own agency', 'any', 'api.md Who may call the rest: "`projections…` … operator"'],
  ['POST /v1/projections/rebuild', ['operator'], 'own agency', 'any', 'api.md Who may call the rest: "`projections…` … operator"'],
  ['GET /v1/parked', ['operator'], 'own agency', 'any', 'api.md Who may call the rest: "`parked…` … operator"'],
  ['POST /v1/parked/{id}/retry', ['operator'], 'own agency', 'any', 'api.md Who may call the rest: "`parked…` … operator"'],
  ['POST /v1/parked/{id}/skip', ['operator'], 'own agency', 'any', 'api.md Who may call the rest: "`parked…` … operator"'],
  // ── Without signing in ───────────────────────────────────────────────────────────────────────────────────────────────
  ['GET /health/live', NO_SIGN_IN, 'everybody', 'any', 'api.md Who may call the rest: "`/health/*` … no sign-in"'],
  ['GET /health/ready', NO_SIGN_IN, 'everybody', 'any', 'api.md Who may call the rest: "`/health/*` … no sign-in"'],
  ['GET /openapi.json', NO_SIGN_IN, 'everybody', 'any', 'api.md Who may call the rest: "`/openapi.json` … no sign-in"'],
  ['GET /docs', NO_SIGN_IN, 'everybody', 'any', 'api.md Who may call the rest: "`/docs` … no sign-in"'],
  ['GET /docs/{file}', NO_SIGN_IN, 'everybody', 'any', 'api.md Who may call the rest: "`/docs` … no sign-in"; what the page is made of'],
  ['GET /problems/{code}', NO_SIGN_IN, 'everybody', 'any', 'api.md Ask: "Every problem: `type: /problems/<code>`"; RFC 9457 §3.1.1: the type should lead to its documentation'],
  ['GET /v1/audit/log/{log}/key', NO_SIGN_IN, 'everybody', 'any', 'hub.md §1: "proof with `openssl` and a public key"; ADR 0005: "the verifier key is public"'],
  ['GET /.well-known/oauth-protected-resource', NO_SIGN_IN, 'everybody', 'any', 'api.md Tokens of access: "find the issuer at `/.well-known/oauth-protected-resource` (RFC 9728)"'],
  // ── The rest of this issue ───────────────────────────────────────────────────────────────────────────────────────────────
  ['GET /v1/agreements/{id}/text', ANY, 'party or auditor', 'any', 'api.md Who may call the rest: "`agreements/{id}`, `…/text`: any role of a party, auditor"'],
  ['GET /v1/agreements/{id}/versions/{version}', ANY, 'party or auditor', 'any', 'api.md Who may call the rest: "`agreements/{id}`, …: any role of a party, auditor"; hub.md §7: "a versioned document"'],
  ['POST /v1/agreements/{id}/suspension', ['signatory', 'guardian'], 'party', 'open', 'api.md Who may call the rest: "`…/suspension` · signatory or guardian of any party"'],
  ['DELETE /v1/agreements/{id}/suspension', ['signatory', 'guardian'], 'own suspension', 'open', 'ADR 0007: "until the same agency lifts it"'],
  ['POST /v1/agreements/{id}/ending', ['signatory'], 'party', 'open', 'api.md Who may call the rest: "`…/ending` · signatory … of any party"'],
  ['GET /v1/purposes', ANY, 'own agency', 'any', 'api.md Who may call the rest: "`purposes` … any, for its own agency"'],
  ['POST /v1/decisions/explain', ANY, 'own agency', 'discloses', 'api.md Who may call the rest: "`decisions/explain` … any, for its own agency"; hub.md §7: "explained without being taken (never about a subject)"'],
  ['GET /v1/register', NO_SIGN_IN, 'everybody', 'any', 'api.md Govern: "`GET /v1/register` (public …)"; Who may call the rest: "no sign-in"'],
  ['POST /v1/nil-returns', ['publisher'], 'own agency', 'takes-in', 'api.md Publish (`publisher`): "`POST /v1/nil-returns` `{feed, period}`"; law.md The operator: "Nothing is taken in … without an agreement in force that covers"'],
  ['POST /v1/duty/requests', ['steward'], 'policing body', 'any', 'api.md Who may call the rest: "`duty/requests` … steward"; law.md Gateways: "`pcsc-17` listed → local policing body, on a dated request"'],
  ['GET /v1/duty/requests', ['steward'], 'own agency', 'any', 'api.md Who may call the rest: "`duty/requests` … steward"'],
  ['GET /v1/duty/requests/{id}', ['steward'], 'either of two', 'any', 'api.md Who may call the rest: "`duty/requests` … steward"; hub.md §12: "404 for “exists but not for you”"'],
  ['POST /v1/duty/requests/{id}/answer', ['steward'], 'addressee', 'any', 'law.md Duties s.15(7): "a relevant authority may refuse", so it answers as well'],
  ['POST /v1/duty/requests/{id}/refusal', ['steward'], 'addressee', 'any', 'law.md Duties s.15(7): "a relevant authority may refuse for four reasons only"'],
  ['POST /v1/duty/requests/{id}/withdrawal', ['steward'], 'requester', 'any', 'no document names another: whoever asked, which deny by default (hub.md §2.1) leaves'],
  ['GET /v1/duty/returns', ANY, 'own agency', 'any', 'hub.md §5 `own`; api.md names no role for what an agency itself owes ("any, for its own agency")'],
  ['POST /v1/agreements/{id}/rehearsal', ['steward'], 'party', 'open', 'api.md Who may call the rest: "`…/rehearsal` … steward"; hub.md §7: "only in the detail the reader may have"'],
];

const rows = (lines: readonly Line[], when: Row['when']): Row[] =>
  lines.map(([call, roles, whose, agreement, source]) => ({ call, roles, whose, agreement, source, when }));

export const EXPECTATIONS: readonly Row[] = [...rows(NOW, 'now'), ...LATER];

/** @throws Error for a call that the table has no row for */
export function rowOf(call: string): Row {
  const row = EXPECTATIONS.find((one) => one.call === call);
  if (row === undefined) throw new Error(`the table has no row for ${call}`);
  return row;
}
