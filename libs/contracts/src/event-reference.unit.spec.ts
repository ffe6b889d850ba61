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
    expect(tables).toHaveLength(EVENT_FAMILIES.length * 2 + 1);
    for (const table of tables) {
      const cells = table
        .trimEnd()
        .split('\n')
        .map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  it('says grains and notes', () => {
    expect(page).toContain('tabulated by district and year or coarser');
    expect(page).toContain('required where `knifeOrSharp` is used, threatened or possessed');
    expect(page.endsWith('\n')).toBe(true);
  });
});
