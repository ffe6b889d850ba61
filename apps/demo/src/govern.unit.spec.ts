import { PACK_KINDS } from '#contracts';
import { canonicalJson } from '#kernel';
import { checkAgreement, compile, readAgreement, readLawPack } from '#sharing';
import { readGeographyPack } from '#statistics';
import { AGENCIES, PUBLISHERS } from './agencies.ts';
import { buildCounty } from './county/county.ts';
import { agreementsOf } from './govern.ts';
import { geographyPack } from './packs/geography-pack.ts';
import { lawPack } from './packs/law-pack.ts';

const DAY = '2026-11-23';
const bytes = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value));
const law = readLawPack(bytes(lawPack()));
if (!law.ok) throw new Error(law.field);
const policy = { ...compile([], new Map()), law: law.law };

describe('what the county agrees', () => {
  it.each(agreementsOf(DAY).map((agreement) => [agreement.id, agreement] as const))(
    '%s lacks nothing',
    (_, agreement) => {
      const read = readAgreement(bytes(agreement));
      if (!read.ok) throw new Error(`${read.code} ${read.field}`);
      expect(checkAgreement(read.agreement, policy)).toEqual([]);
      for (const party of read.agreement.parties) expect(AGENCIES).toContainEqual(expect.objectContaining(party));
    },
  );

  it('covers everything that is published, by its own publishers, and nothing else', () => {
    const grants = agreementsOf(DAY).flatMap(({ grants }) => grants);
    const covered = new Set(
      grants.flatMap(({ publishers, types }) => publishers.flatMap((one) => types.map((type) => `${one} ${type}`))),
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
    expect([...covered].sort()).toEqual(feeds.sort());
  });

  it('signs by a person of each party, of whom there are at least two', () => {
    for (const { parties } of agreementsOf(DAY)) {
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
