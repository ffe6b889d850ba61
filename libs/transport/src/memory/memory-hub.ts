import { type AgencyId, Problem, sha256 } from '#kernel';
import type { PostResult, Publisher, PushTotals, ResultLine } from '../publisher.ts';

/** A hub that keeps ids and digests in this process: what was sent, in order. For trying a connector without a server. */
export interface MemoryHub extends Publisher {
  /** Ids in order of their positions. */
  readonly kept: readonly string[];
  /** Breaks each further push after this many results, as a cut connection would; undefined: never. */
  cutAfter: number | undefined;
}

/** @param judge what becomes of an event before it is kept; undefined: keep it */
export function memoryHub(
  agency: AgencyId,
  judge: (event: Uint8Array) => PostResult | undefined = () => undefined,
): MemoryHub {
  const positions = new Map<string, { readonly position: string; readonly digest: string }>();
  const kept: string[] = [];
  const take = (bytes: Uint8Array): PostResult => {
    const { id } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { id: string };
    const digest = sha256(bytes);
    const known = positions.get(id);
    if (known !== undefined)
      return known.digest === digest
        ? { id, status: 'repeated', position: known.position }
        : { id, status: 'rejected', problem: { type: '/problems/id-reused', status: 409 } };
    const judged = judge(bytes);
    if (judged !== undefined) return { ...judged, id };
    const position = String(kept.push(id) - 1);
    positions.set(id, { position, digest });
    return { id, status: 'accepted', position };
  };
  const hub: MemoryHub = {
    kept,
    cutAfter: undefined,
    agency: () => Promise.resolve(agency),
    postEvent: (bytes) => Promise.resolve(take(bytes)),
    async *pushNdjson(lines): AsyncGenerator<ResultLine, PushTotals, undefined> {
      const totals = { accepted: 0, repeated: 0, quarantined: 0, rejected: 0 };
      let line = 0;
      for await (const bytes of lines) {
        const result = take(bytes);
        if (hub.cutAfter !== undefined && line >= hub.cutAfter) throw new Problem('push-incomplete');
        totals[result.status]++;
        yield { line: ++line, ...result };
      }
      return { done: true, ...totals };
    },
  };
  return hub;
}
