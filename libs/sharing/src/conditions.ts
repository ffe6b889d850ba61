import { ROLES, type Principal, type Request, type Role } from '#contracts';
import type { Condition } from './agreement.ts';
import { moved } from './calendar.ts';
import type { Obstacle } from './gateway-rules.ts';
import { dayWords, durationWords } from './words.ts';

interface Asked {
  readonly who: Principal;
  readonly request: Request;
  /** `YYYY-MM-DD`, Europe/London. */
  readonly day: string;
}
interface Kind {
  /** What it asks, for people; `…` stands for its value. */
  readonly text: string;
  readonly value: RegExp | undefined;
  unmet(value: string, asked: Asked): Obstacle | undefined;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const unmet = (rule: string, ...missing: string[]): Obstacle => ({ rule, missing });

/** What a grant may ask beside its own terms. Each can only narrow. */
const CONDITIONS: Readonly<Record<string, Kind>> = {
  'maximum-age': {
    text: 'Nothing is shown of events older than … (cautions and convictions may expire for use).',
    value: /^P[1-9]\d{0,3}[YMD]$/,
    unmet: (value, { request, day }) => {
      const first = moved(day, value, -1);
      // `any` sorts after every day, and reaches back for ever
      const fits = first !== undefined && request.oldest !== 'any' && request.oldest >= first;
      return fits ? undefined : unmet('older-than-granted', `maximum-age:${value}`);
    },
  },
  'not-before': {
    text: 'It begins on ….',
    value: DAY,
    unmet: (value, { day }) => (day >= value ? undefined : unmet('outside-granted-days', `not-before:${value}`)),
  },
  'not-after': {
    text: 'It stops after ….',
    value: DAY,
    unmet: (value, { day }) => (day <= value ? undefined : unmet('outside-granted-days', `not-after:${value}`)),
  },
  role: {
    text: 'Only a person in the role … asks.',
    value: new RegExp(`^(?:${ROLES.join('|')})$`),
    unmet: (value, { who }) => (who.roles.has(value as Role) ? undefined : unmet('role-not-granted', `role:${value}`)),
  },
  justification: {
    text: 'Each question carries a justification.',
    value: undefined,
    unmet: (_, { request }) => (request.justification ? undefined : unmet('justification-missing', 'justification')),
  },
  'case-reference': {
    text: 'Each question carries the reference of a case.',
    value: undefined,
    unmet: (_, { request }) => (request.caseReference ? undefined : unmet('case-reference-missing', 'case-reference')),
  },
};

/** The kind of a condition whose value has its form; `undefined` for one that the hub does not know. */
function kindOf({ condition, value }: Condition): Kind | undefined {
  const kind = Object.hasOwn(CONDITIONS, condition) ? CONDITIONS[condition] : undefined;
  if (kind === undefined) return undefined;
  const fits = kind.value === undefined ? value === undefined : value !== undefined && kind.value.test(value);
  return fits ? kind : undefined;
}

export const isKnownCondition = (condition: Condition): boolean => kindOf(condition) !== undefined;

/** What it asks, for people. */
export function conditionText(condition: Condition): string {
  const { condition: name, value } = condition;
  const kind = kindOf(condition);
  if (kind === undefined)
    return `The hub does not know “${[name, value].filter((part) => part !== undefined).join(' ')}”: nothing is shown.`;
  return kind.text.replace('…', () => dayWords(durationWords(value ?? '')));
}

/** Why a condition is not met; one that the hub does not know never is. */
export function conditionObstacle(condition: Condition, asked: Asked): Obstacle | undefined {
  const kind = kindOf(condition);
  if (kind === undefined) return unmet('condition-unknown', 'condition');
  return kind.unmet(condition.value ?? '', asked);
}
