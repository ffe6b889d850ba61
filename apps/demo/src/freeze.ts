import { ANALYSIS, HOST } from './agencies.ts';
import { expectStatus, items, member, type SignIn } from './answers.ts';

/** What the demo freezes: closed periods only, so that no figure changes before a revision. */
export const RELEASES: readonly (readonly [definition: string, period: string])[] = [
  ['police-incidents@1', '2025'],
  ['police-incidents@1', '2025-06'],
  ['police-incidents@1', '2026-06'],
  ['police-incidents@1', '2026-Q2'],
  ['police-profiles@1', '2025'],
  ['police-profiles@1', '2026-Q2'],
  ['ed-attendances@1', '2025'],
  ['ed-attendances@1', '2026-Q2'],
  ['ed-profiles@1', '2025'],
  ['school-exclusions@1', '2025'],
  ['prison-releases@1', '2025'],
];
const releaseId = ([definition, period]: (typeof RELEASES)[number]): string => `${definition}.${period}.v1`;

/** Releases of the demo that are not frozen yet. None: everything was published before. */
export async function missingReleases(signIn: SignIn): Promise<typeof RELEASES> {
  const analyst = signIn(ANALYSIS.agency, 'analyst');
  const answer = expectStatus(
    'GET /v1/releases',
    await analyst.get('/v1/releases?purpose=sv-needs-assessment'),
    200,
    403,
  );
  const frozen = new Set(
    items(member(answer.body, 'data') ?? answer.body, 'releases').map((each) => member(each, 'id')),
  );
  return RELEASES.filter((release) => !frozen.has(releaseId(release)));
}

export async function freezeReleases(
  signIn: SignIn,
  missing: typeof RELEASES,
  progress: (step: string) => void,
): Promise<void> {
  const steward = signIn(HOST.agency, 'steward');
  for (const [definition, period] of missing) {
    const answer = await steward.post('/v1/releases', { definition, period });
    expectStatus(`freezing ${definition} of ${period}`, answer, 200, 201);
    progress(`released ${String(member(answer.body, 'id'))}`);
  }
}
