import type { Principal, Request } from '#contracts';
import { sha256, type AgencyId, type Instant } from '#kernel';
import { admit } from '../admit.ts';
import type { Agreement } from '../agreement.ts';
import { statusOn, type AgreementStatus } from '../agreement-state.ts';
import { decide } from '../decide.ts';
import { draft, type Decided } from '../draft.ts';
import { end, type Ending } from '../end.ts';
import type { CompiledPolicy } from '../policy.ts';
import { resume } from '../resume.ts';
import { sign } from '../sign.ts';
import { suspend } from '../suspend.ts';
import { agency, agreement, asha, bytesOf, History, INCIDENT, person, POLICE, request } from './personas.ts';

/** Noon of a day. */
export const on = (day: string): Instant => `${day}T12:00:00.000Z` as Instant;
export const TODAY = '2026-11-23';

/** The version that answers on the day, with whose rows it shows, or the rule that refuses. */
export function answered(policy: CompiledPolicy, day: string, changes: Partial<Request> = {}, who = asha): string {
  const decision = decide(policy, who, request(changes), on(day));
  if (decision.kind === 'refuse') return decision.rule;
  return decision.views.map((view) => `v${view.agreement.version} ${[...view.publishers].sort().join('+')}`).join(', ');
}
export const takenIn = (policy: CompiledPolicy, day: string, publisher: AgencyId): boolean =>
  admit(policy, publisher, INCIDENT, on(day)).kind === 'admit';

/** People acting on one agreement: each act says what came of it, events or a code, and is added to the history. */
export class Acting {
  readonly history: History;
  readonly id: string;
  constructor(history = History.begun(), id = agreement().id) {
    this.history = history;
    this.id = id;
  }

  get state() {
    return this.history.compiled().agreements.get(this.id);
  }
  status(day = TODAY, version = this.state?.version): AgreementStatus | undefined {
    const { state } = this;
    const one = state?.versions.find((each) => each.version === version);
    return state === undefined || one === undefined ? undefined : statusOn(state, one, day);
  }

  drafts(who: Principal, text: Agreement, day = TODAY): string {
    const policy = this.history.compiled();
    const digest = this.history.put(text);
    return this.#told(draft(this.state, { agreement: text, digest }, who, policy, on(day)));
  }
  signs(who: Principal, text: Agreement, day = TODAY): string {
    return this.#told(sign(this.state, who, sha256(bytesOf(text)), this.history.compiled(), on(day)));
  }
  suspends(who: Principal, day = TODAY): string {
    return this.#told(suspend(this.state, who, 'concern', this.history.compiled(), on(day)));
  }
  resumes(who: Principal): string {
    return this.#told(resume(this.state, who, this.history.compiled()));
  }
  ends(who: Principal, ending: Partial<Ending> = {}, day = TODAY): string {
    const whole: Ending = { reason: 'no-longer-needed', scope: 'agreement', ...ending };
    return this.#told(end(this.state, who, whole, this.history.compiled(), on(day)));
  }
  /** Drafted by the first who signs, signed by all of them. */
  agrees(text: Agreement, ...signatories: readonly Principal[]): string {
    const [first = asha] = signatories;
    const steps = [this.drafts({ ...first, roles: new Set(['steward']) }, text)];
    for (const who of signatories) steps.push(this.signs(who, text));
    return steps.at(-1) ?? '';
  }

  answers(day = TODAY, changes: Partial<Request> = {}, who = asha): string {
    return answered(this.history.compiled(), day, changes, who);
  }
  takesIn(day = TODAY, publisher: AgencyId = POLICE): boolean {
    return takenIn(this.history.compiled(), day, publisher);
  }

  #told(decided: Decided): string {
    if (!decided.ok) return decided.field === undefined ? decided.code : `${decided.code} ${decided.field}`;
    this.history.add(...decided.events);
    return decided.events.map((event) => event.type.split('.')[3]).join(' ');
  }
}

export const signatoryOf = (name: string): Principal => person(`signatory of ${name}`, agency(name), 'signatory');
export const guardianOf = (name: string): Principal => person(`guardian of ${name}`, agency(name), 'guardian');
