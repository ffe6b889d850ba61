import { hubFactType } from '#contracts';
import { eventType, londonDay, sha256, type Instant } from '#kernel';
import { statusOn } from './agreement-state.ts';
import { artefactsNamedBy, compile } from './compile.ts';
import { decide } from './decide.ts';
import { draft, DRAFTS_PER_AGENCY, type Decided } from './draft.ts';
import { sign } from './sign.ts';
import {
  agency,
  agreement,
  ANALYSTS,
  asha,
  bytesOf,
  carys,
  grant,
  History,
  HOSPITAL,
  LAW_BYTES,
  NOW,
  person,
  piotr,
  POLICE,
  request,
} from './testing/personas.ts';

const text = agreement();
const digest = sha256(bytesOf(text));
const edited = agreement({ title: 'Edited' });

/** Signs against the history as it stands, and adds what comes of it. */
function signs(history: History, who = piotr, of = digest, at = NOW): string {
  const policy = history.compiled();
  return told(history, sign(policy.agreements.get(text.id), who, of, policy, at));
}
function drafts(history: History, who = piotr, what = text): string {
  const policy = history.compiled();
  const state = policy.agreements.get(text.id);
  return told(history, draft(state, { agreement: what, digest: history.put(what) }, who, policy, NOW));
}
function told(history: History, decided: Decided): string {
  if (!decided.ok) return decided.code;
  history.add(...decided.events);
  return decided.events.map((event) => event.type.split('.')[3]).join(' ');
}
const stateOf = (history: History) => {
  const state = history.compiled().agreements.get(text.id);
  return state === undefined ? undefined : { ...state, status: statusOn(state, state, londonDay(NOW)) };
};
const answered = (history: History) => decide(history.compiled(), asha, request(), NOW).kind;

describe('the life of an agreement', () => {
  it('goes from a draft over every signature into force', () => {
    const history = History.begun();
    expect(drafts(history)).toBe('agreement-drafted');
    expect(stateOf(history)).toMatchObject({ version: 1, status: 'drafted', signatures: [], agreement: text });
    expect(answered(history)).toBe('refuse');
    expect(signs(history)).toBe('agreement-signed');
    expect(stateOf(history)).toMatchObject({ status: 'signed', signatures: [{ person: 'piotr', agency: POLICE }] });
    expect(answered(history)).toBe('refuse');
    expect(signs(history, asha)).toBe('agreement-signed agreement-in-force');
    expect(stateOf(history)).toMatchObject({ status: 'in-force' });
    expect(answered(history)).toBe('permit');
  });

  it('is begun by an agency that has fewer than fifty which never came into force', () => {
    const history = History.begun().inForce(agreement({ id: 'was-in-force' }));
    history.drafted(agreement({ id: 'was-in-force', title: 'Edited' }), 2);
    for (let i = 1; i < DRAFTS_PER_AGENCY; i++) history.drafted(agreement({ id: `draft-${i}` }));
    // whoever edits it, it stays with the agency that began it
    const parties = [...text.parties].reverse();
    history.drafted(agreement({ id: 'draft-1', parties }), 2);
    expect(drafts(history)).toBe('agreement-drafted');
    const another = agreement({ id: 'another' });
    const begins = (who = piotr) =>
      told(history, draft(undefined, { agreement: another, digest }, who, history.compiled(), NOW));
    expect(begins()).toBe('drafts-full');
    expect(drafts(history, piotr, edited)).toBe('agreement-drafted');
    expect(begins()).toBe('drafts-full');
    history.signedBy(edited, 'piotr', POLICE, 2).signedBy(edited, 'asha', ANALYSTS, 2).declaredInForce(edited, 2);
    expect(begins()).toBe('agreement-drafted');
    expect(begins(asha)).toBe('agreement-drafted');
  });

  it('starts again when a draft is edited: its signatures are void', () => {
    const history = History.begun().drafted(text).signedBy(text, 'piotr', POLICE);
    expect(drafts(history, asha, edited)).toBe('agreement-drafted');
    expect(stateOf(history)).toMatchObject({ version: 2, status: 'drafted', signatures: [] });
    expect(signs(history, asha)).toBe('draft-changed');
    expect(signs(history, asha, sha256(bytesOf(edited)))).toBe('agreement-signed');
    expect(answered(history)).toBe('refuse');
    expect(signs(history, piotr, sha256(bytesOf(edited)))).toBe('agreement-signed agreement-in-force');
    expect(answered(history)).toBe('permit');
  });

  it('is signed by signatories of its parties only, once an agency and once a person', () => {
    const history = History.begun().drafted(text);
    expect(signs(history, person('piotr', POLICE, 'steward'))).toBe('role-not-held');
    expect(signs(history, carys)).toBe('not-a-party');
    expect(signs(history, person('x', agency('nowhere'), 'signatory'))).toBe('agency-not-enrolled');
    expect(signs(history, { ...piotr, issuer: 'https://elsewhere.example' })).toBe('agency-not-enrolled');
    expect(signs(history)).toBe('agreement-signed');
    expect(signs(history)).toBe('already-signed');
    expect(signs(history, person('another', POLICE, 'signatory'))).toBe('already-signed');
    expect(signs(history, person('piotr', ANALYSTS, 'signatory'))).toBe('person-signed-already');
    expect(signs(history, asha)).toBe('agreement-signed agreement-in-force');
    expect(signs(history, asha)).toBe('already-signed');
  });

  it('is not signed while something stands between it and force', () => {
    const record = agreement({ grants: [grant({ mode: 'record' })] });
    const history = History.begun().drafted(record);
    const policy = history.compiled();
    const signed = sign(policy.agreements.get(record.id), piotr, sha256(bytesOf(record)), policy, NOW);
    expect(signed).toMatchObject({
      ok: false,
      code: 'agreement-incomplete',
      gaps: [{ rule: 'k-missing' }, { rule: 'anonymisation-test-of-counts-only' }],
    });
    const complete = History.begun().drafted(text);
    expect(signs(complete, piotr, digest, '2028-01-01T00:00:00.000Z' as Instant)).toBe('agreement-over');
    complete.facts.splice(4, 1);
    expect(signs(complete)).toBe('law-not-adopted');
  });

  it('is held against the law of the moment by every signature, the last one too', () => {
    const history = History.begun().drafted(text);
    expect(signs(history)).toBe('agreement-signed');
    const law = JSON.parse(new TextDecoder().decode(LAW_BYTES)) as { gateways: { id: string }[] };
    const without = { ...law, version: 'l-2', gateways: law.gateways.filter(({ id }) => id !== 'anonymous') };
    history.adopt(bytesOf(without), 'l-2');
    expect(signs(history, asha)).toBe('agreement-incomplete');
    expect([stateOf(history)?.status, answered(history)]).toEqual(['signed', 'refuse']);
    history.adopt(LAW_BYTES, '2026-11');
    expect(signs(history, asha)).toBe('agreement-signed agreement-in-force');
  });

  it('is not signed when it is unknown, its text is lost, or a party has left', () => {
    expect(signs(History.begun())).toBe('agreement-unknown');
    const lost = History.begun().drafted(text);
    lost.artefacts.delete(digest);
    expect(signs(lost)).toBe('agreement-unknown');
    const left = History.begun().drafted(text);
    left.facts.splice(1, 1);
    expect(signs(left)).toBe('party-not-enrolled');
  });

  it('is drafted by a steward of a party, between enrolled parties', () => {
    const history = History.begun();
    expect(drafts(history, person('piotr', POLICE, 'signatory'))).toBe('role-not-held');
    expect(drafts(history, carys)).toBe('not-a-party');
    expect(drafts(history, { ...piotr, issuer: 'https://elsewhere.example' })).toBe('agency-not-enrolled');
    const [police, analysts] = text.parties;
    if (police === undefined || analysts === undefined) throw new Error('the personas have two parties');
    const other = { ...analysts, capacity: 'host' } as const;
    expect(drafts(history, piotr, agreement({ parties: [police, other] }))).toBe('party-not-enrolled');
    expect(drafts(history)).toBe('agreement-drafted');
    expect(drafts(history)).toBe('agreement-unchanged');
    expect(drafts(history, piotr, agreement({ id: 'another' }))).toBe('agreement-id-differs');
    const captured = agreement({
      parties: [
        { agency: HOSPITAL, capacity: 'health-provider' },
        { agency: ANALYSTS, capacity: 'analysis-unit' },
      ],
    });
    expect(drafts(history, carys, captured)).toBe('not-a-party');
  });
});

describe('compiling', () => {
  it('grants nothing where the text is missing or is not the one named', () => {
    const missing = History.begun().inForce(text);
    missing.artefacts.delete(digest);
    expect(answered(missing)).toBe('refuse');
    const swapped = History.begun().inForce(text);
    swapped.artefacts.set(digest, bytesOf(edited));
    expect(answered(swapped)).toBe('refuse');
    expect(missing.compiled().digest).not.toBe(History.begun().inForce(text).compiled().digest);
  });

  it('ignores force that was declared without every signature', () => {
    const half = History.begun().drafted(text).signedBy(text, 'piotr', POLICE).declaredInForce(text);
    expect(answered(half)).toBe('refuse');
    const onePerson = History.begun().drafted(text).signedBy(text, 'p', POLICE).signedBy(text, 'p', ANALYSTS);
    expect(answered(onePerson.declaredInForce(text))).toBe('refuse');
    const outsider = History.begun().drafted(text).signedBy(text, 'p', POLICE).signedBy(text, 'c', HOSPITAL);
    expect(answered(outsider.declaredInForce(text))).toBe('refuse');
    const stale = History.begun().drafted(text).signedBy(text, 'p', POLICE).drafted(edited, 2);
    expect(answered(stale.signedBy(text, 'a', ANALYSTS).declaredInForce(text))).toBe('refuse');
  });

  it('refuses to skip a fact of its own field that it does not know', () => {
    const history = History.begun();
    const unknown = { ...(history.facts[0] ?? raise()), type: eventType('uk.svd.hub.agreement-suspended.v2') };
    expect(() => compile([...history.facts, unknown], history.artefacts)).toThrow('policy-fact-unknown');
    const other = { ...unknown, type: hubFactType('uk.svd.hub.release-published.v1') };
    expect(compile([...history.facts, other], history.artefacts).digest).toBe(history.compiled().digest);
  });

  it('names the artefacts it needs', () => {
    const history = History.begun().inForce(text).drafted(edited, 2);
    const needed = artefactsNamedBy(history.facts);
    expect(needed).toHaveLength(3);
    expect(needed).toEqual(expect.arrayContaining([digest, sha256(bytesOf(edited))]));
    // a draft that another draft replaced is nobody's any more
    const third = agreement({ title: 'Edited again' });
    history.drafted(third, 3);
    expect(artefactsNamedBy(history.facts)).toHaveLength(3);
    expect(artefactsNamedBy(history.facts)).not.toContain(sha256(bytesOf(edited)));
  });
});

function raise(): never {
  throw new Error('the personas have it');
}
