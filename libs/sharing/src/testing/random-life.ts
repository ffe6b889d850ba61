import fc from 'fast-check';
import type { AgencyId } from '#kernel';
import type { Agreement } from '../agreement.ts';
import type { AgreementState } from '../agreement-state.ts';
import type { Acting } from './acting.ts';
import { agreement, ANALYSTS, grant, HOSPITAL, person, POLICE } from './personas.ts';

/** One random act on an agreement between the analysts and one or two who publish for them, on some day. */
export type Step =
  | { readonly kind: 'wait'; readonly days: number }
  | {
      readonly kind: 'draft';
      readonly who: AgencyId;
      readonly publishers: readonly AgencyId[];
      readonly validity: Days;
    }
  | { readonly kind: 'sign' | 'suspend' | 'resume'; readonly who: AgencyId }
  | { readonly kind: 'end'; readonly who: AgencyId; readonly in: number; readonly scope: 'agreement' | 'own' };
/** Days from the first day of the tests. */
interface Days {
  readonly from: number;
  readonly length: number;
}

export const FIRST = '2026-11-23';
export const dayAt = (days: number): string =>
  new Date(Date.parse(FIRST) + days * 86_400_000).toISOString().slice(0, 10);

const AGENCIES = [POLICE, HOSPITAL, ANALYSTS];
const who = fc.constantFrom(...AGENCIES);
const kind = <K extends string>(...kinds: readonly K[]) => fc.constantFrom(...kinds);
const draft: fc.Arbitrary<Step> = fc.record({
  kind: kind('draft'),
  who: fc.oneof({ weight: 3, arbitrary: fc.constant(ANALYSTS) }, { weight: 1, arbitrary: who }),
  publishers: fc.subarray([POLICE, HOSPITAL], { minLength: 1 }),
  validity: fc.record({ from: fc.integer({ min: -5, max: 12 }), length: fc.integer({ min: 1, max: 20 }) }),
});
const oneStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: kind('wait'), days: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: draft },
  { weight: 9, arbitrary: fc.record({ kind: kind('sign', 'sign', 'suspend', 'resume', 'resume'), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('end'),
      who,
      in: fc.integer({ min: -1, max: 8 }),
      scope: kind('own', 'own', 'own', 'agreement'),
    }),
  },
);
/** A draft and everybody's signature now and then, so that much of it comes into force. */
const agreed: fc.Arbitrary<readonly Step[]> = draft.map((step) => [
  step,
  ...AGENCIES.map((agency): Step => ({ kind: 'sign', who: agency })),
]);
export const lives: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    agreed,
    fc.array(fc.oneof({ weight: 1, arbitrary: agreed }, { weight: 5, arbitrary: oneStep.map((step) => [step]) }), {
      minLength: 5,
      maxLength: 16,
      size: 'max',
    }),
  )
  .map(([first, others]) => [...first, ...others.flat()]);

/** The text of a draft; `title` makes it another than every other. */
const textOf = (step: Step & { readonly kind: 'draft' }, id: string, title: string): Agreement => {
  const [from, to] = [dayAt(step.validity.from), dayAt(step.validity.from + step.validity.length)];
  return agreement({
    id,
    title,
    parties: [
      { agency: ANALYSTS, capacity: 'analysis-unit' },
      ...step.publishers.map((publisher) =>
        publisher === POLICE
          ? ({ agency: POLICE, capacity: 'specified-authority' } as const)
          : ({ agency: HOSPITAL, capacity: 'health-provider' } as const),
      ),
    ],
    contacts: [{ agency: ANALYSTS, role: 'Information governance', mailbox: 'ig@analysts.example' }],
    validity: { from, to },
    review: to,
    grants: [grant({ publishers: step.publishers })],
  });
};

export interface Lived {
  readonly step: Step;
  readonly day: string;
  /** Events or a code. */
  readonly outcome: string;
  /** Of the newest version, after the step. */
  readonly text: Agreement | undefined;
  /** Before the step. */
  readonly before: AgreementState | undefined;
}
/** Takes the steps one after another, from the first day of the tests on. */
export function* live(acting: Acting, steps: readonly Step[]): Generator<Lived> {
  let day = FIRST;
  let text: Agreement | undefined;
  for (const [i, step] of steps.entries()) {
    if (step.kind === 'wait') day = dayAt(daysSince(day) + step.days);
    const before = acting.state;
    const drafted: Agreement | undefined = step.kind === 'draft' ? textOf(step, acting.id, `Text ${i}`) : text;
    const outcome = take(acting, step, day, drafted);
    if (outcome === 'agreement-drafted') text = drafted;
    yield { step, day, outcome, text, before };
  }
}

/** Takes one step on the day; what came of it. `text` is what a signature is put under. */
function take(acting: Acting, step: Step, day: string, text: Agreement | undefined): string {
  if (step.kind === 'wait') return 'waited';
  const by = person(`somebody of ${step.who}`, step.who, 'steward', 'signatory', 'guardian');
  switch (step.kind) {
    case 'draft':
      return text === undefined ? 'nothing' : acting.drafts(by, text, day);
    case 'sign':
      return text === undefined ? 'nothing' : acting.signs(by, text, day);
    case 'suspend':
      return acting.suspends(by, day);
    case 'resume':
      return acting.resumes(by);
    case 'end':
      return acting.ends(by, { on: dayAt(daysSince(day) + step.in), scope: step.scope }, day);
  }
}
export const daysSince = (day: string): number => (Date.parse(day) - Date.parse(FIRST)) / 86_400_000;
