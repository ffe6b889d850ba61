import type { Instant } from '#kernel';
import { decide } from '#sharing';
import { agreementAt, policyOf, questionsFor, type Asked, type Consumers } from './hub/policies.ts';
import type { Figure } from './measure/figures.ts';
import { quantile } from './measure/load.ts';
import { seededRandom } from './measure/seeded-random.ts';
import { permittedRaw, rawGrants } from './raw/decision-baseline.ts';

const AT = '2026-11-23T09:00:00.000Z' as Instant;
const COUNTS = [1, 100, 1_000];
const QUESTIONS = 2_000;
const WARMING_MS = 500;
const MEASURED_MS = 2_000;

/**
 * Decisions in this process, over policies of 1, 100 and 1,000 agreements of three grants each. Raw: the same questions
 * put to plain maps of the same grants, with every comparison of a grant's own terms and no rule of law, view or reason.
 * Each question was decided before: what a policy says of a day is worked out once, and not measured.
 */
export function decisionFigures(seed: string): readonly Figure[] {
  return (['each its own', 'one for all'] as const).flatMap((consumers) =>
    COUNTS.flatMap((count) => figuresOf(count, consumers, seed)),
  );
}

function figuresOf(count: number, consumers: Consumers, seed: string): readonly Figure[] {
  const agreements = Array.from({ length: count }, (_, i) => agreementAt(i, consumers));
  const policy = policyOf(agreements);
  const grants = rawGrants(agreements);
  const questions = questionsFor(agreements, seededRandom(Number(seed) || 1), QUESTIONS);
  let [views, permits] = [0, 0];
  for (const asked of questions) {
    const decision = decide(policy, asked.who, asked.request, AT);
    if ((decision.kind === 'permit') !== permittedRaw(grants, asked)) throw new Error('the two decide differently');
    if (decision.kind === 'permit') [views, permits] = [views + decision.views.length, permits + 1];
  }
  const hub = timed(questions, ({ who, request }) => decide(policy, who, request, AT).kind === 'permit');
  const raw = timed(questions, (asked) => permittedRaw(grants, asked));
  const what = `decisions, ${count} agreement${count === 1 ? '' : 's'}, consumer ${consumers}`;
  const note = `${Math.round((permits / QUESTIONS) * 100)} % permitted, ${(views / permits).toFixed(0)} views each`;
  return [
    { what, unit: '/s', better: 'more', hub: hub.rate, raw: raw.rate, note },
    { what: `${what}, p99`, unit: 'µs', better: 'less', hub: hub.p99, raw: raw.p99, note: 'one after another' },
  ];
}

/** Rate, and p99 of single ones in microseconds. */
function timed(questions: readonly Asked[], decided: (asked: Asked) => boolean) {
  for (let n = 0, until = performance.now() + WARMING_MS; performance.now() < until; n++)
    decided(questions[n % questions.length] as Asked);
  const singles: number[] = [];
  const began = performance.now();
  for (let n = 0, now = began; now < began + MEASURED_MS; n++) {
    decided(questions[n % questions.length] as Asked);
    const next = performance.now();
    singles.push((next - now) * 1_000);
    now = next;
  }
  const rate = (singles.length * 1_000) / (performance.now() - began);
  return { rate, p99: quantile(Float64Array.from(singles).sort(), 0.99) };
}
