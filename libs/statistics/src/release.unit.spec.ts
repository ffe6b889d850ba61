import { position, sha256 } from '#kernel';
import { freeze, isSameTable, readReleaseTable, releaseBytes, type Freezing, type ReleaseTable } from './release.ts';
import { bytesOf, cell, COUNTY, definition, frozen, period } from './testing/county.ts';

const adopted = (version: string) => ({ version, digest: sha256(version) });
const freezing: Freezing = {
  definition: definition('police-incidents@1'),
  period: period('2024-01'),
  geography: { version: COUNTY.version, digest: sha256(bytesOf(COUNTY)) },
  codes: () => [],
  cells: [cell('E01000001', 3)],
  asOf: position(41),
};
const reread = (release: ReleaseTable) => readReleaseTable(releaseBytes(release));

describe('a release', () => {
  it('names the code lists that it was labelled by, or none where none were adopted', () => {
    const named = freeze({ ...freezing, codesPack: adopted('c-1') });
    expect(reread(named)).toMatchObject({ ok: true, release: { codesPack: adopted('c-1') } });
    const without = reread(freeze(freezing));
    expect(without).toMatchObject({ ok: true });
    expect(without.ok && 'codesPack' in without.release).toBe(false);
    const damaged = { ...named, codesPack: { version: 'c-1' } } as unknown as ReleaseTable;
    expect(reread(damaged)).toMatchObject({ ok: false, code: 'release-invalid' });
  });

  it('is the same table whenever it is counted, and another by a count or a pack', () => {
    const first = freeze({ ...freezing, codesPack: adopted('c-1') });
    const same = (change: Partial<Freezing>) =>
      isSameTable(first, freeze({ ...freezing, codesPack: adopted('c-1'), ...change }));
    expect(same({ asOf: position(99) })).toBe(true);
    expect(same({ cells: [cell('E01000001', 1), cell('E01000001', 2)] })).toBe(true);
    expect(same({ cells: [cell('E01000001', 4)] })).toBe(false);
    expect(same({ codesPack: adopted('c-2') })).toBe(false);
    expect(same({ codesPack: undefined })).toBe(false);
    expect(same({ geography: adopted('g-2') })).toBe(false);
    expect(isSameTable(first, frozen([cell('E01000001', 3)]))).toBe(false);
  });
});
