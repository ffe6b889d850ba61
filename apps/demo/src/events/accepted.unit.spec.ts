import { CodeLists, EVENT_TYPES, eventDefinition, parseCodesPack, readEvent } from '#contracts';
import { policeStreetCsv } from '#connectors';
import { canonicalJson, type AgencyId, type Instant } from '#kernel';
import { buildCounty } from '../county/county.ts';
import { codesPack } from '../packs/codes-pack.ts';
import { pushes, USUAL } from './feeds.ts';

const pack = parseCodesPack(Buffer.from(canonicalJson(codesPack())));
if (!('lists' in pack)) throw new Error('the codes pack is none');
const codes = new CodeLists(pack);
/** The first moment after the county's last month. */
const now = '2026-06-30T23:00:00.000Z' as Instant;
const county = buildCounty();

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
/** Every event of some months: what the connector makes of the file, and what the systems write. */
async function* sent(months: readonly string[]): AsyncGenerator<{ agency: AgencyId; bytes: Uint8Array }> {
  for (const push of pushes(county, { ...USUAL, months })) {
    const { agency } = push;
    if (push.kind === 'events')
      for (const event of push.events) yield { agency, bytes: Buffer.from(canonicalJson(event)) };
    else
      for await (const reading of policeStreetCsv.read(one(push.text), { agency, key: Buffer.alloc(32, 1) })) {
        if ('rejected' in reading) throw new Error(`row ${reading.row}: ${reading.rejected.code}`);
        yield { agency, bytes: reading.event.bytes };
      }
  }
}

describe('the events of the county', () => {
  it('are all accepted as they are, with no code unmapped, and cover every type of P and D', async () => {
    const faults = new Set<string>();
    const types = new Set<string>();
    for await (const { agency, bytes } of sent(['2024-07', '2024-11', '2025-03', '2026-06'])) {
      const reading = readEvent(bytes, { agency, codes, now });
      if (reading.outcome === 'event') types.add(reading.event.type);
      else faults.add(JSON.stringify({ ...reading, event: undefined, id: undefined }));
    }
    expect([...faults]).toEqual([]);
    const anonymised = EVENT_TYPES.filter((type) => eventDefinition(type)?.way !== 'C');
    expect([...types].sort()).toEqual([...anonymised].sort());
  });
});
