import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal, Refusal } from '#contracts';
import { londonDay, Problem, type Instant } from '#kernel';
import {
  asKnownTo,
  checkAgreement,
  Rehearsal,
  rehearseGrants,
  rowsToRehearse,
  sign,
  type AgreementState,
  type CompiledPolicy,
  type GrantsRehearsed,
} from '#sharing';
import { mayRead } from './agreement-facts.ts';
import { discloseRehearsal, roleNotHeld } from './disclose.ts';
import type { Refused } from './disclosed.ts';
import type { Disclosing, Progress, Writing } from './disclosing.ts';
import { PolicyFeed } from './policy-feed.ts';
import { HubPorts } from './ports.ts';
import type { RehearsalReport } from './rehearsal-report.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { FactsBehind } from './rehearse-facts.ts';
import { LogTally, UNUSED_AFTER_DAYS } from './rehearse-log.ts';

/** What an agreement's newest version would change, before anybody signs it. For stewards of its parties; itself on record. */
export class RehearseAgreement extends Command<Disclosing | Refused> {
  readonly who: Principal;
  readonly id: string;
  readonly format: 'json' | 'text';
  /** Whoever asked is no longer there: the work stops. */
  readonly gone: AbortSignal;
  constructor(who: Principal, id: string, how: { readonly format: 'json' | 'text'; readonly gone: AbortSignal }) {
    super();
    this.who = who;
    this.id = id;
    this.format = how.format;
    this.gone = how.gone;
  }
}

/** Combinations of a grant before how finely; a county's largest agreements have some thousands. */
const ROWS = 40_000;
/** Records of the access log read at once. */
const PAGE = 100;

@CommandHandler(RehearseAgreement)
export class RehearseAgreementHandler implements ICommandHandler<RehearseAgreement> {
  readonly #ports: HubPorts;
  readonly #feed: PolicyFeed;
  /** Agencies with a rehearsal under way: each has one at a time. */
  readonly #underWay = new Set<string>();
  constructor(ports: HubPorts, feed: PolicyFeed) {
    this.#ports = ports;
    this.#feed = feed;
  }

  /**
   * Refused as `not-a-party`, without a word, to whoever may not know the agreement. @throws Problem `agreement-over`, `rehearsal-too-large`;
   * before the first line `queue-full` while another one of the agency's is under way.
   */
  async execute({ who, id, format, gone }: RehearseAgreement): Promise<Disclosing | Refused> {
    const policy = await this.#feed.confirmed();
    return discloseRehearsal(this.#ports, this.#feed, who, {
      operation: 'agreements.rehearse',
      // a name that is none of ours is not kept
      asked: { agreement: policy.agreements.has(id) ? id : 'unknown' },
      refusal: (latest) => this.#refusal(latest.agreements.get(id), who),
      work: (confirmed) => this.#begin(confirmed, id, who),
      writing: format === 'text' ? AS_TEXT : AS_LINES,
      gone,
    });
  }

  #refusal(state: AgreementState | undefined, who: Principal): Refusal | undefined {
    if (!who.roles.has('steward')) return roleNotHeld('steward');
    // an auditor reads it as one, and rehearses it only as a party
    const party = state !== undefined && mayRead({ ...who, roles: new Set() }, state, this.#ports.clock.now());
    return party
      ? undefined
      : { ...roleNotHeld('steward'), rule: 'not-a-party', missing: [`party:${who.agency}`], conceal: true };
  }

  /** @throws Problem `agreement-over`, `rehearsal-too-large` */
  #begin(policy: CompiledPolicy, id: string, who: Principal): AsyncGenerator<Progress, RehearsalReport> {
    const at = this.#ports.clock.now();
    const state = policy.agreements.get(id);
    if (state === undefined || state.ended !== undefined) throw new Problem('agreement-over');
    const reader = { agency: who.agency, day: londonDay(at), agreement: id };
    const rehearsal = Rehearsal.of(asKnownTo(policy, reader), id, at);
    if (rehearsal === undefined) throw new Problem('artefact-damaged');
    if (rowsToRehearse(rehearsal) > ROWS) throw new Problem('rehearsal-too-large', { field: 'grants' });
    return this.#alone(who, () => this.#report({ rehearsal, state, policy, who, at }));
  }

  async *#alone<T>({ agency }: Principal, work: () => AsyncGenerator<Progress, T>): AsyncGenerator<Progress, T> {
    if (this.#underWay.has(agency)) throw new Problem('queue-full', { retryAfter: 5 });
    this.#underWay.add(agency);
    try {
      return yield* work();
    } finally {
      this.#underWay.delete(agency);
    }
  }

  async *#report(of: Rehearsed): AsyncGenerator<Progress, RehearsalReport> {
    const { rehearsal, state, policy, who, at } = of;
    const { questions, changes } = yield* this.#grants(rehearsal);
    const tally = new LogTally(rehearsal, policy, who.agency, at);
    yield* this.#log(tally);
    const facts = new FactsBehind({ ports: this.#ports, feed: this.#feed }, rehearsal, policy, who.agency, at);
    const behind = yield* inTurns('releases', facts.of(changes));
    return {
      agreement: state.id,
      version: rehearsal.version,
      digest: state.digest,
      title: rehearsal.agreement.title,
      day: rehearsal.day,
      drafted: state.window === undefined,
      suspendedBy: state.suspensions.map(({ agency }) => agency).sort(),
      questions,
      changes: changes.map((change) => ({ ...change, behind: behind.get(change) ?? [] })),
      log: tally.result(),
      unused: { days: UNUSED_AFTER_DAYS, grants: tally.unused() },
      signature: signatureOf(of),
    };
  }

  async *#grants(rehearsal: Rehearsal): AsyncGenerator<Progress, GrantsRehearsed> {
    const steps = rehearseGrants(rehearsal);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      yield { part: 'grants', percent: Math.floor((100 * step.value.done) / step.value.of) };
      await turn();
    }
  }

  /** Every record that there is now, in order: of each consumer, so that how far it is says nothing of any one. */
  async *#log(tally: LogTally): AsyncGenerator<Progress> {
    const { access } = this.#ports;
    const head = access.head();
    if (head === 'empty') return;
    for (let after = -1; after < head;) {
      yield { part: 'log', percent: Math.floor((100 * (after + 1)) / (head + 1)) };
      const entries = await access.entries({ after, limit: Math.min(PAGE, head - after) });
      if (entries.length === 0) return;
      for (const entry of entries) tally.take(entry);
      after = entries.at(-1)?.number ?? head;
      await turn();
    }
  }
}

interface Rehearsed {
  readonly rehearsal: Rehearsal;
  readonly state: AgreementState;
  readonly policy: CompiledPolicy;
  readonly who: Principal;
  readonly at: Instant;
}

async function* inTurns<T>(part: string, work: AsyncGenerator<number, T>): AsyncGenerator<Progress, T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
    yield { part, percent: step.value };
    await turn();
  }
}

/** Others go on before the next piece. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What refuses the next signature, whoever's it is. */
function signatureOf({ rehearsal, state, policy, at }: Rehearsed): RehearsalReport['signature'] {
  const gaps = checkAgreement(rehearsal.agreement, policy);
  const next = state.parties.find((party) => !state.signatures.some((by) => by.agency === party));
  if (next === undefined) return { refused: gaps.length > 0, gaps };
  const signatory: Principal = { ...rehearsal.anyoneOf(next), roles: new Set(['signatory']) };
  const signed = sign(state, signatory, state.digest, policy, at);
  const because = signed.ok || signed.code === 'agreement-incomplete' ? {} : { because: signed.code };
  return { refused: !signed.ok || gaps.length > 0, ...because, gaps };
}

const AS_LINES: Writing<RehearsalReport> = {
  mediaType: 'application/x-ndjson',
  progress: (progress) => `${JSON.stringify({ progress })}\n`,
  answer: (report) => `${JSON.stringify({ report })}\n`,
};
const AS_TEXT: Writing<RehearsalReport> = {
  mediaType: 'text/plain; charset=utf-8',
  progress: ({ part, percent }) => `… ${part} ${percent} %\n`,
  answer: ({ data, sharing }) => rehearsalText(data, sharing),
};
