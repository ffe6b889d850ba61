import type { PackKind } from '#contracts';
import { academicEvaluation } from '../agreements/academic-evaluation.agreement.ts';
import { edInjurySurveillance } from '../agreements/ed-injury-surveillance.agreement.ts';
import { exclusionsToYouthJustice } from '../agreements/exclusions-to-youth-justice.agreement.ts';
import { mashCore } from '../agreements/mash-core.agreement.ts';
import { prisonRelease } from '../agreements/prison-release.agreement.ts';
import { monitoringRequest } from '../agreements/regional-monitoring.ts';
import { regionalRollUp } from '../agreements/regional-roll-up.agreement.ts';
import { streetCrimeCounts } from '../agreements/street-crime-counts.agreement.ts';
import type { AgreementDraft } from '../agreements/terms.ts';
import { COMMISSIONER, HOST, PARTNERS } from './agencies.ts';
import type { County } from './county/county.ts';
import { codesPack } from './packs/codes-pack.ts';
import { geographyPack } from './packs/geography-pack.ts';
import { lawPack } from './packs/law-pack.ts';
import { expectStatus, items, member, type SignIn } from './answers.ts';

export interface Governing {
  readonly county: County;
  /** The issuer that may assert the demo's agencies. */
  readonly issuer: string;
  /** Day of the drafting, Europe/London. */
  readonly day: string;
  readonly progress: (step: string) => void;
}

/**
 * Every agreement of the demo, as drafted on that day.
 * @param dutyRequest the commissioner's request under s.17, on which a grant rests
 */
export const agreementsOf = (day: string, dutyRequest: string): readonly AgreementDraft[] => [
  streetCrimeCounts(day),
  edInjurySurveillance(day),
  exclusionsToYouthJustice(day),
  prisonRelease(day),
  mashCore(day),
  academicEvaluation(day),
  regionalRollUp(day, dutyRequest),
];

/**
 * Takes a hub on which only the host is enrolled to every agreement in force, through the API alone. What is there
 * already is left as it is, so that a second run changes nothing.
 */
export async function governCounty(signIn: SignIn, governing: Governing): Promise<void> {
  await enrol(signIn, governing);
  await adopt(signIn, governing);
  const dutyRequest = await request(signIn, governing);
  for (const agreement of agreementsOf(governing.day, dutyRequest)) {
    await agree(signIn, agreement);
    governing.progress(`agreement ${agreement.id} in force`);
  }
}

async function enrol(signIn: SignIn, { issuer, progress }: Governing): Promise<void> {
  const operator = signIn(HOST.agency, 'operator');
  const answer = expectStatus('GET /v1/agencies', await operator.get('/v1/agencies'), 200);
  const known = new Set(items(answer.body, 'agencies').map((each) => member(each, 'agency')));
  for (const { agency, name, capacities, roles } of PARTNERS) {
    if (known.has(agency)) continue;
    const held = capacities.map((capacity) => ({ capacity, from: '2023-01-31' }));
    const body = { agency, name, issuers: [issuer], capacities: held, roles };
    expectStatus(`enrolling ${agency}`, await operator.post('/v1/agencies', body), 201);
  }
  progress(`${PARTNERS.length} agencies enrolled`);
}

async function adopt(signIn: SignIn, { county, progress }: Governing): Promise<void> {
  const steward = signIn(HOST.agency, 'steward');
  const packs: { readonly kind: PackKind; readonly version: string }[] = [
    geographyPack(county),
    codesPack(),
    lawPack(),
  ];
  for (const pack of packs) {
    const path = `/v1/reference/${pack.kind}/${pack.version}`;
    const adopted = await steward.post(`${path}/adoption`, {});
    if (adopted.status !== 404) {
      expectStatus(`adopting ${path}`, adopted, 200, 201);
      continue;
    }
    expectStatus(`putting ${path}`, await steward.put(path, pack), 200, 201);
    expectStatus(`adopting ${path}`, await steward.post(`${path}/adoption`, {}), 200, 201);
  }
  progress('geography, codes and law adopted');
}

/** The commissioner's dated request under s.17, made once. */
async function request(signIn: SignIn, { day, progress }: Governing): Promise<string> {
  const steward = signIn(COMMISSIONER.agency, 'steward');
  const path = '/v1/duty/requests';
  const answer = expectStatus(`GET ${path}`, await steward.get(path), 200);
  const [made] = items(answer.body, 'requests');
  const id = member(
    made ?? expectStatus('requesting', await steward.post(path, monitoringRequest(day)), 201).body,
    'id',
  );
  progress('a request under s.17 made');
  return String(id);
}

/** Drafted by a steward of its first party, signed by a signatory of each. */
async function agree(signIn: SignIn, agreement: AgreementDraft): Promise<void> {
  const [first] = agreement.parties;
  if (first === undefined) throw new RangeError('an agreement without parties');
  const path = `/v1/agreements/${agreement.id}`;
  const steward = signIn(first.agency, 'steward');
  const found = expectStatus(`GET ${path}`, await steward.get(path), 200, 404);
  if (items(found.body, 'inForce').length > 0) return;
  const draft =
    found.status === 200
      ? found
      : expectStatus(`drafting ${agreement.id}`, await steward.post('/v1/agreements', agreement), 201);
  const digest = member(draft.body, 'digest');
  const signed = new Set(items(draft.body, 'signatures').map((each) => member(each, 'agency')));
  for (const { agency } of agreement.parties) {
    if (signed.has(agency)) continue;
    const signatory = signIn(agency, 'signatory');
    expectStatus(`${agency} signing ${agreement.id}`, await signatory.post(`${path}/signatures`, { digest }), 200, 201);
  }
}
