import { readdirSync, readFileSync } from 'node:fs';
import { PACK_KINDS } from '#contracts';
import { canonicalJson } from '#kernel';
import { checkAgreement, compile, readAgreement, readLawPack, type Agreement } from '#sharing';
import { readGeographyPack } from '#statistics';
import { edWidening } from '../agreements/ed-widening.ts';
import { monitoringRequest } from '../agreements/regional-monitoring.ts';
import { mashCore } from '../agreements/mash-core.agreement.ts';
import { regionalRollUp } from '../agreements/regional-roll-up.agreement.ts';
import { prisonRelease } from '../agreements/prison-release.agreement.ts';
import { academicEvaluation } from '../agreements/academic-evaluation.agreement.ts';
import { AGENCIES, COMMISSIONER, MENTORS, PUBLISHERS } from './agencies.ts';
import { buildCounty } from './county/county.ts';
import { agreementsOf } from './govern.ts';
import { geographyPack } from './packs/geography-pack.ts';
import { lawPack } from './packs/law-pack.ts';

const DAY = '2026-11-23';
const bytes = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value));
const law = readLawPack(bytes(lawPack()));
if (!law.ok) throw new Error(law.field);
const REQUEST = '0123456789abcdef0123456789abcdef';
const asked = {
  ...monitoringRequest(DAY),
  id: REQUEST,
  by: COMMISSIONER.agency,
  asked: DAY,
  status: 'open' as const,
};
const nobodyAsked = { ...compile([], new Map()), law: law.law };
const policy = { ...nobodyAsked, dutyRequests: new Map([[REQUEST, asked]]) };
const drafts = agreementsOf(DAY, REQUEST);

function read(draft: unknown): Agreement {
  const read = readAgreement(bytes(draft));
  if (!read.ok) throw new Error(`${read.code} ${read.field}`);
  return read.agreement;
}

describe('what the county agrees', () => {
  it('is there under the names that the how-tos ask for', () => {
    const pages = readdirSync('docs/how-to').filter((name) => name.endsWith('.md'));
    const named = pages.flatMap((name) => [
      ...readFileSync(`docs/how-to/${name}`, 'utf8').matchAll(/:3000\/v1\/agreements\/([a-z0-9-]+)/g),
    ]);
    expect(named.length).toBeGreaterThan(0);
    expect(drafts.map(({ id }) => id)).toEqual(expect.arrayContaining(named.map(([, id]) => id)));
  });

  it.each(drafts.map((draft) => [draft.id, draft] as const))('%s lacks nothing', (_, draft) => {
    const agreement = read(draft);
    expect(checkAgreement(agreement, policy)).toEqual([]);
    for (const { agency, capacity } of agreement.parties)
      expect(AGENCIES.find((one) => one.agency === agency)?.capacities).toContain(capacity);
  });

  it('monitors under s.17 only what the commissioner has requested', () => {
    expect(checkAgreement(read(regionalRollUp(DAY, REQUEST)), nobodyAsked)).toMatchObject([
      { rule: 'dated-request-missing', field: 'grants.8.dutyRequest' },
    ]);
  });

  it('tells a mentor no offence, and nobody whether health care is handed over', () => {
    const { grants } = prisonRelease(DAY);
    const mentors = grants.filter(({ consumer }) => consumer === MENTORS.agency);
    expect(mentors.map(({ gateway }) => gateway)).toEqual(['confidence-consent', 'anonymous']);
    expect(mentors.flatMap(({ fields }) => fields)).not.toContain('offenceGroup');
    expect(grants.flatMap(({ fields }) => fields)).not.toContain('healthHandover');
  });

  it('names no purpose that no grant serves, and shows nobody’s offence without saying how far back it reaches', () => {
    for (const { purposes, grants } of drafts) {
      expect(new Set(grants.flatMap((grant) => grant.purposes))).toEqual(new Set(purposes));
      for (const { conditions } of grants.filter(
        ({ mode, fields }) => mode === 'subject' && fields.includes('offenceGroup'),
      ))
        expect(conditions.map(({ condition }) => condition)).toContain('maximum-age');
    }
  });

  it('lets no enquiry about a child stand in the MASH, and no grant there answer without a case', () => {
    for (const { purposes, mode, conditions } of mashCore(DAY).grants) {
      expect([purposes, mode]).toEqual([['violence-reduction-pathway'], 'subject']);
      expect(conditions.map(({ condition }) => condition)).toEqual([
        'role',
        'justification',
        'case-reference',
        'maximum-age',
      ]);
    }
  });

  it('gives researchers records of which ten or more are alike, and never a count', () => {
    expect(academicEvaluation(DAY).grants.map(({ mode, k }) => [mode, k])).toEqual([
      ['record', 10],
      ['record', 10],
    ]);
  });

  it('cannot widen hospital data to areas that no anonymisation test has covered', () => {
    expect(checkAgreement(read(edWidening(DAY)), policy)).toMatchObject([
      { rule: 'anonymisation-test-too-coarse', field: 'grants.0.place', alternatives: ['confidence-consent'] },
    ]);
  });

  it('covers everything that is published, by its own publishers, and beside it only what needs a consent', () => {
    const granted = drafts.flatMap(({ grants }) => grants);
    const covered = new Set(
      granted.flatMap(({ publishers, types }) => publishers.flatMap((one) => types.map((type) => `${one} ${type}`))),
    );
    const [police, aldermouth, stBride, county, city, prison] = PUBLISHERS.map(({ agency }) => agency);
    const feeds = [
      `${police} uk.svd.police.incident-recorded.v1`,
      `${police} uk.svd.police.incident-profiled.v1`,
      ...[aldermouth, stBride].flatMap((one) => [
        `${one} uk.svd.health.ed-attendance-recorded.v1`,
        `${one} uk.svd.health.ed-attendance-profiled.v1`,
      ]),
      ...[county, city].map((one) => `${one} uk.svd.education.exclusion-profiled.v1`),
      `${prison} uk.svd.prison.release-profiled.v1`,
    ];
    const consented = [
      `${police} uk.svd.police.involvement-recorded.v1`,
      ...[county, city].map((one) => `${one} uk.svd.education.exclusion-recorded.v1`),
      `${prison} uk.svd.prison.release-planned.v1`,
      `${prison} uk.svd.prison.release-recorded.v1`,
    ];
    expect([...covered].sort()).toEqual([...feeds, ...consented].sort());
  });

  it('signs by a person of each party, of whom there are at least two', () => {
    for (const { parties } of drafts) {
      expect(parties.length).toBeGreaterThan(1);
      for (const { agency } of parties)
        expect(AGENCIES.find((one) => one.agency === agency)?.roles).toContain('signatory');
    }
  });

  it('counts places by a geography that holds', () => {
    const read = readGeographyPack(bytes(geographyPack(buildCounty())));
    expect(read).toMatchObject({ ok: true });
    expect(PACK_KINDS).toContain('geography');
  });
});
