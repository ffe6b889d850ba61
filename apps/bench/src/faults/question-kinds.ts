import type { KeptAccessRecord, Role } from '#contracts';
import { canonicalJson } from '#kernel';
import type { ChildHub } from '../hub/child-hub.ts';
import { PURPOSE } from '../hub/govern.ts';
import { districtAt } from '../hub/packs.ts';
import { ANALYSTS, HOST } from '../hub/people.ts';
import type { RecordedAnswer } from './answers-on-record.ts';

/** A question that is asked again and again, and what its access record says. */
export interface QuestionKind {
  readonly agency: string;
  readonly role: Role;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly recorded: Omit<RecordedAnswer, 'disclosureId'>;
}
type Asked = Pick<QuestionKind, 'agency' | 'role' | 'path' | 'status'> & { readonly unchanged?: true };

/**
 * Answers, refusals and what is not there, each asked once of a hub at rest, so that it is known what its record says.
 * @param release id of a release that may be asked for
 */
export async function questionKinds(hub: ChildHub, release: string): Promise<readonly QuestionKind[]> {
  const auditor = hub.as(HOST, 'auditor');
  let last = -1;
  /** Records since the last call, whose own is the first of the next. */
  const fresh = async (): Promise<readonly KeptAccessRecord[]> => {
    const { body } = await auditor.get(`/v1/audit/entries?limit=1000${last < 0 ? '' : `&after=${last}`}`);
    const { entries } = (body as unknown as { data: { entries: readonly KeptAccessRecord[] } }).data;
    last = entries.at(-1)?.number ?? last;
    return entries;
  };
  await fresh();
  await fresh();
  const kinds: QuestionKind[] = [];
  for (const { agency, role, path, status, unchanged } of wanted(release)) {
    const first = await hub.as(agency, role).get(path);
    const headers = unchanged === undefined ? {} : { 'if-none-match': String(first.headers['etag']) };
    const expected = unchanged === undefined ? status : 200;
    if (first.status !== expected) throw new Error(`${path} was answered ${first.status}: ${first.text}`);
    const [, record, another] = await fresh();
    if (record === undefined || another !== undefined) throw new Error(`${path} did not leave one access record`);
    const { disclosureId: _, ...recorded } = recordedAnswer(record);
    kinds.push({ agency, role, path, headers, status, recorded });
  }
  return kinds;
}

function wanted(release: string): readonly Asked[] {
  const analyst = { agency: ANALYSTS, role: 'analyst' } as const;
  const table = (query: string, id = release): string => `/v1/releases/${id}/table?purpose=${PURPOSE}&${query}`;
  const byDistrict = (n: number): string =>
    table(`rows=category&columns=outcome&where=place.district:${districtAt(n)}`);
  return [
    { ...analyst, path: table('rows=place.district&columns=category'), status: 200 },
    { ...analyst, path: byDistrict(0), status: 200 },
    { ...analyst, path: table('rows=category&format=csv'), status: 200 },
    { ...analyst, path: `/v1/releases?purpose=${PURPOSE}`, status: 200 },
    { agency: HOST, role: 'auditor', path: '/v1/audit/entries?limit=500', status: 200 },
    { ...analyst, path: byDistrict(1), status: 304, unchanged: true },
    { ...analyst, path: byDistrict(2), status: 304, unchanged: true },
    { ...analyst, path: table('rows=place.lsoa'), status: 403 },
    { ...analyst, path: `/v1/releases/${release}/table?rows=category`, status: 403 },
    { agency: ANALYSTS, role: 'signatory', path: table('rows=category'), status: 403 },
    { ...analyst, path: '/v1/audit/entries', status: 403 },
    { ...analyst, path: table('rows=shoe-size'), status: 400 },
    { ...analyst, path: table('rows=category', release.replace(/v1$/, 'v9')), status: 404 },
  ];
}

/** What of an access record an answer is held against. */
export const recordedAnswer = ({ id, who, operation, question, decision }: KeptAccessRecord): RecordedAnswer => ({
  disclosureId: id,
  agency: who.agency,
  operation,
  question: canonicalJson(question),
  decision: decision.kind === 'permit' ? permitted(decision.agreements) : refused(decision.rule),
});

export const permitted = (agreements: readonly { readonly id: string; readonly version: number }[]): string =>
  `permit ${agreements.map(({ id, version }) => `${id} v${version}`).join(', ')}`;
export const refused = (rule: string): string => `refuse ${rule}`;
