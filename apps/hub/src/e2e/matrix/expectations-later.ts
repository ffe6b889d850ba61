import type { Role } from '#contracts';
import type { Row } from './words.ts';

/**
 * Calls that `api.md` names and that wait for a later issue. None may be in the API yet: on the day that one is, this
 * fails until a row of the table says who may make it, and for whose things.
 */
// prettier-ignore
const NAMED: readonly (readonly [call: string, roles: readonly Role[] | 'any role', source: string])[] = [
  ['GET /v1/events', ['publisher'], 'Who may call the rest: "`GET /v1/events` (own) … publisher"'],
  ['POST /v1/tokens/evaluate', ['publisher'], 'Who may call the rest: "`tokens/evaluate` … publisher"'],
  ['POST /v1/consents', ['publisher'], 'Who may call the rest: "`consents…` … publisher"'],
  ['PATCH /v1/consents/{id}', ['publisher'], 'Who may call the rest: "`consents…` … publisher"'],
  ['POST /v1/consents/{id}/withdrawal', ['publisher'], 'Who may call the rest: "`consents…` … publisher"'],
  ['GET /v1/consents/roster', ['publisher'], 'Who may call the rest: "`consents/roster` … publisher"'],
  ['POST /v1/subjects/resolve', ['practitioner'], 'Who may call the rest: "`subjects/resolve` … practitioner"'],
  ['POST /v1/subjects/{pseudonym}/identification', ['practitioner', 'supervisor'], 'Who may call the rest: "`…/identification` (ask) … practitioner", "(answer) … supervisor"'],
  ['POST /v1/subjects/{pseudonym}/holds', ['supervisor'], 'Who may call the rest: "`…/holds` … supervisor"'],
  ['POST /v1/subjects/{pseudonym}/erasure', ['steward'], 'Who may call the rest: "`…/erasure` … steward"'],
  ['POST /v1/subject-requests', ['steward'], 'Who may call the rest: "`subject-requests` … steward"'],
  ['GET /v1/recalls', ['practitioner', 'steward'], 'Who may call the rest: "`recalls…` … practitioner, steward (of the recipient)"'],
  ['POST /v1/recalls/{id}/receipt', ['practitioner', 'steward'], 'Who may call the rest: "`recalls…` … practitioner, steward (of the recipient)"'],
  ['POST /v1/merges', ['steward'], 'Who may call the rest: "`merges` … steward"'],
  ['GET /v1/retention/due', ['steward'], 'Who may call the rest: "`retention/due` … steward"'],
  ['POST /v1/publications/{id}/gate', ['guardian'], 'Who may call the rest: "`publications/{id}/gate` … guardian"'],
  ['POST /v1/pseudonyms/bridge', ['guardian'], 'Who may call the rest: "`pseudonyms/bridge` … guardian"'],
  ['POST /v1/emergency-access', ['practitioner'], 'Who may call the rest: "`emergency-access` (ask) … practitioner"'],
  ['GET /v1/me/declared-interests', 'any role', 'Who may call the rest: "`me/declared-interests` … any, for its own agency"'],
  ['GET /v1/picture/measures', ['analyst'], 'Ask: "`GET /v1/picture/measures` … analyst"'],
  ['GET /v1/picture/places', ['analyst'], 'Ask: "`/places` … analyst"'],
  ['GET /v1/picture/times', ['analyst'], 'Ask: "`/times` … analyst"'],
  ['GET /v1/picture/themes', ['analyst'], 'Ask: "`/themes` … analyst"'],
  ['GET /v1/picture/needs', ['analyst'], 'Ask: "`/needs` … analyst"'],
  ['GET /v1/picture/cost', ['analyst'], 'Ask: "`/cost` … analyst"'],
  ['GET /v1/picture/duty', ['analyst'], 'Ask: "`/duty` … analyst"'],
  ['GET /v1/picture/feeds', ['analyst'], 'Ask: "`/feeds` … analyst"'],
  ['GET /v1/records/{release}', ['analyst'], 'Ask: "`GET /v1/records/{release}` … analyst"'],
  ['GET /v1/picture/people', ['practitioner', 'supervisor'], 'Ask: "`GET /v1/picture/people` … practitioner, supervisor"'],
  ['GET /v1/picture/people/{pseudonym}', ['practitioner', 'supervisor'], 'Ask: "`GET /v1/picture/people/{pseudonym}` … practitioner, supervisor"'],
  ['POST /v1/picture/people/{pseudonym}/triage', ['practitioner', 'supervisor'], 'Ask: "`POST …/triage` … practitioner, supervisor"'],
  ['POST /v1/pathways', ['practitioner'], 'Ask: "`/v1/pathways…` … practitioner"'],
  ['POST /v1/cases', ['practitioner'], 'Ask: "`/v1/cases…` … practitioner"'],
  ['POST /v1/cases/{id}/requests', ['practitioner'], 'Ask: "`/v1/cases…` (`/requests`) … practitioner"'],
  ['POST /v1/cases/{id}/answers', ['practitioner'], 'Ask: "`/v1/cases…` (`/answers`) … practitioner"'],
  ['POST /v1/cases/{id}/decision', ['practitioner'], 'Ask: "`/v1/cases…` (`/decision`) … practitioner"'],
  ['POST /v1/cases/{id}/closure', ['practitioner'], 'Ask: "`/v1/cases…` (`/closure`) … practitioner"'],
  ['GET /v1/feed', ['practitioner'], 'Ask: "`GET /v1/feed` … practitioner"'],
  ['POST /v1/themes/{id}/scores', ['analyst'], 'Who may call the rest: "`themes/{id}/scores` … analyst"'],
  ['GET /v1/needs/{id}/pack', ['analyst'], 'Who may call the rest: "`needs/{id}/pack` … analyst"'],
  ['GET /v1/needs/{id}/diff', ['analyst'], 'Who may call the rest: "`/diff` … analyst"'],
  ['GET /v1/commitments', ['analyst'], 'Who may call the rest: "`commitments` … analyst"'],
  ['GET /v1/insights', ['analyst'], 'Who may call the rest: "`insights` … analyst"'],
  ['GET /v1/reach', ['analyst'], 'Who may call the rest: "`reach` … analyst"'],
  ['GET /v1/barriers', ['analyst'], 'Who may call the rest: "`barriers` … analyst"'],
  ['GET /v1/audit/sample', ['auditor'], 'Audit: "`GET /v1/audit/sample`"; "Of a later issue: … audit sample"'],
  ['POST /v1/audit/replay', ['auditor'], 'Audit: "`POST /v1/audit/replay`"; "Of a later issue: … replay"'],
  ['POST /v1/audit/recompute/{disclosureId}', ['auditor'], 'Audit: "`POST /v1/audit/recompute/{disclosureId}`"; "Of a later issue: … recompute"'],
  ['GET /v1/audit/policy-diff', ['auditor'], 'Audit: "`GET /v1/audit/policy-diff`"; "Of a later issue: … policy-diff"'],
];

/** What answers anyone in a later issue. */
const PUBLIC_LATER = ['GET /asyncapi.json'];

export const LATER: readonly Row[] = [
  ...NAMED.map(([call, roles, source]): Row => ({
    call,
    roles,
    whose: 'own agency',
    agreement: 'any',
    source: `api.md ${source}`,
    when: 'later',
  })),
  ...PUBLIC_LATER.map((call): Row => ({
    call,
    roles: 'no sign-in',
    whose: 'everybody',
    agreement: 'any',
    source: 'api.md Who may call the rest: "no sign-in"; "Of a later issue: … AsyncAPI"',
    when: 'later',
  })),
];
