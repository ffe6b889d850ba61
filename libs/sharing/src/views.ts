import { joined, type LegalLabel, type Obligation, type Permit, type Request, type View } from '#contracts';
import type { AgencyId } from '#kernel';
import type { Agreement } from './agreement.ts';
import type { Candidate } from './candidates.ts';
import { admits, isLegalLabel, labelsShown } from './grant-labels.ts';
import { coarsest } from './grains.ts';
import { gatewayOf, type LawPack } from './law-pack.ts';
import { obligationsOf } from './obligations.ts';
import type { CompiledPolicy, LiveGrant } from './policy.ts';

/**
 * What fitting grants show together, and what is owed for it. What one agreement contributes rests on one gateway and is
 * shown in one way: a second one makes a second view. In the order of the agreements' ids.
 */
export function contributions(
  fitting: readonly [Candidate, ...Candidate[]],
  { request, policy, day }: { readonly request: Request; readonly policy: CompiledPolicy; readonly day: string },
): Pick<Permit, 'views' | 'obligations'> {
  const sorted = [...fitting].sort((a, b) => a.group - b.group);
  const views: View[] = [];
  const obligations: Obligation[] = [];
  for (let at = 0; at < sorted.length;) {
    const { agreement } = (sorted[at] as Candidate).live;
    let [open, monitoring] = [false, false];
    while (sorted[at]?.live.agreement === agreement) {
      let end = at + 1;
      while (sorted[end]?.group === sorted[at]?.group) end++;
      const alone = end === at + 1 ? sorted[at] : undefined;
      const view =
        alone === undefined
          ? viewOf(sorted.slice(at, end) as [Candidate, ...Candidate[]], request, policy.law)
          : viewOfOne(alone, request, policy.law);
      views.push(view);
      open ||= view.openness === 'open';
      monitoring ||= view.labels.has('s17-only');
      at = end;
    }
    for (const owed of owedFor(agreement, { open, monitoring }, day)) obligations.push(owed);
  }
  return { views: views as [View, ...View[]], obligations };
}

/** Obligations by agreement, of the day last asked for. */
const owedOn = new WeakMap<Agreement, { readonly day: string; readonly ways: (readonly Obligation[] | undefined)[] }>();

function owedFor(agreement: Agreement, way: Parameters<typeof obligationsOf>[1], day: string): readonly Obligation[] {
  let known = owedOn.get(agreement);
  if (known?.day !== day) owedOn.set(agreement, (known = { day, ways: [] }));
  return (known.ways[Number(way.open) * 2 + Number(way.monitoring)] ??= obligationsOf(agreement, way, day));
}

/** What one grant shows of one publisher depends on nothing of the question but its types: a policy is a value. */
const single = new WeakMap<Candidate, Map<string, View>>();

function viewOfOne(candidate: Candidate, request: Request, law: LawPack | undefined): View {
  const [type, another] = request.types;
  // several may be named in so many orders that they are not kept
  if (type === undefined || another !== undefined) return viewOf([candidate], request, law);
  let known = single.get(candidate);
  if (known === undefined) single.set(candidate, (known = new Map<string, View>()));
  let view = known.get(type);
  if (view === undefined) known.set(type, (view = viewOf([candidate], request, law)));
  return view;
}

/** Several grants of one agreement show what they have in common: the strictest of each. */
function viewOf(group: readonly [Candidate, ...Candidate[]], { types, mode }: Request, law: LawPack | undefined): View {
  const lives = [...new Set(group.map(({ live }) => live))] as [LiveGrant, ...LiveGrant[]];
  const [{ agreement, version, grant: first }] = lives;
  const grants = lives.map((live) => live.grant);
  const shared = first.fields.filter(
    (field) => grants.every((grant) => grant.fields.includes(field)) && types.some((type) => admits(type, field)),
  );
  const { openness } = first;
  return {
    agreement: { id: agreement.id, version, clauses: [...new Set(lives.map(clauseOf))].sort(byNumber) },
    gateway: first.gateway,
    publishers: new Set<AgencyId>(group.map(({ publisher }) => publisher)),
    types: new Set(types),
    fields: new Set(shared),
    place: coarsest(grants.map((grant) => grant.place) as [View['place'], ...View['place'][]]),
    time: coarsest(grants.map((grant) => grant.time) as [View['time'], ...View['time'][]]),
    threshold: first.threshold,
    openness,
    ...(openness === 'open' && first.licence !== undefined ? { licence: first.licence } : {}),
    ...(openness === 'open' && first.address !== undefined ? { address: first.address } : {}),
    ...(first.k === undefined ? {} : { k: first.k }),
    labels: joined(labelsShown(types, shared, { mode, openness }), addedBy(law, first.gateway)),
  };
}

const addedBy = (law: LawPack | undefined, gateway: string): ReadonlySet<LegalLabel> =>
  new Set((gatewayOf(law, gateway)?.adds ?? []).filter(isLegalLabel));

/** Number of the clause that grants it, in the agreement's text: `7.2` for its second grant. */
export const clauseOf = ({ agreement, grant }: LiveGrant): string =>
  `7.${agreement.grants.findIndex(({ id }) => id === grant.id) + 1}`;
const byNumber = (a: string, b: string): number => Number(a.slice(2)) - Number(b.slice(2));
