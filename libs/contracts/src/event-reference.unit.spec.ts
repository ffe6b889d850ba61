import { SOURCE_FEEDS } from './envelope.ts';
import { LEGAL_LABELS } from './legal-labels.ts';
import { EVENT_FAMILIES, EVENT_TYPES } from './registry.ts';
import { renderEventReference } from './event-reference.ts';

describe('the generated reference of events', () => {
  const page = renderEventReference();

  it('names every type and every field', () => {
    for (const type of EVENT_TYPES) expect(page).toContain(`| \`${type}\` |`);
    for (const { fields } of EVENT_FAMILIES) {
      for (const [name, field] of Object.entries(fields)) expect(page).toContain(`| \`${name}\` | ${field.label}. `);
    }
  });

  it('has tables whose rows have as many cells as their head', () => {
    const tables = page.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables).toHaveLength(EVENT_FAMILIES.length * 2 + 2);
    for (const table of tables) {
      const cells = table
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  it('says which ids, sources and times are taken', () => {
    for (const feed of SOURCE_FEEDS) expect(page).toContain(`\`:${feed}\``);
    expect(page).toContain('32 or 64 lower-case hexadecimal digits, or a UUID in lower case (8-4-4-4-12)');
    expect(page).toContain('What begins after the moment of reading is refused');
  });

  it('promises no mark in a table that no table shows', () => {
    expect(page).not.toContain('`x`');
    expect(page).toContain('ISTV has not, and the field is then not stated');
  });

  it('says of each type which labels it carries, and what lowers each label', () => {
    expect(page).toContain(
      '| `uk.svd.health.ed-contact-recorded.v1` | C | A consented person attended after an assault | `personal`, `hsc-source` |',
    );
    expect(page).toContain(
      '| `uk.svd.health.ed-attendance-recorded.v1` | P | An assault attendance was recorded | – |',
    );
    expect(page).toContain('| `s17-only` | – | – |');
    for (const label of LEGAL_LABELS) expect(page).toContain(`| \`${label}\` | `);
  });

  it('says grains and notes', () => {
    expect(page).toContain('tabulated by district and year or coarser');
    expect(page).toContain('required where `knifeOrSharp` is used, threatened or possessed');
    expect(page.endsWith('\n')).toBe(true);
  });
});
