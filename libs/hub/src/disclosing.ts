import type { Principal } from '#contracts';
import { Problem } from '#kernel';
import { Disclosed } from './disclosed.ts';

/** How far a long answer is. It says nothing of what was found: no count, and of its length no more than anyone can time. */
export interface Progress {
  readonly part: string;
  /** Whole, 0 to 100. */
  readonly percent: number;
}
/** How the lines of a long answer are written. */
export interface Writing<T> {
  readonly mediaType: string;
  progress(progress: Progress): string;
  answer(answer: Disclosed<T>): string;
}

const MAKER = Symbol('disclose');
let construct: <T>(who: Principal, work: Work<T>, writing: Writing<T>) => Disclosing;

interface Work<T> {
  readonly steps: AsyncGenerator<Progress, Disclosed<T>>;
  /** Whoever asked is no longer there. */
  readonly gone: AbortSignal;
}

/**
 * An answer that is still being worked out, for one person of one agency. What is written until it is there says how far
 * it is; then comes what `disclose` made for this person, or the answer breaks off. A reader who goes stops the work at
 * its next turn. The brand is as that of {@link Disclosed}.
 */
export class Disclosing {
  readonly #who: Principal;
  readonly status = 200;
  readonly headers: { readonly 'content-type': string };
  readonly body: AsyncIterable<string>;

  /** @throws TypeError for anyone but {@link constructDisclosing} */
  private constructor(maker: symbol, who: Principal, contentType: string, body: AsyncIterable<string>) {
    if (maker !== MAKER) throw new TypeError('only disclose makes an answer');
    this.#who = who;
    this.headers = Object.freeze({ 'content-type': contentType });
    this.body = body;
    Object.freeze(this);
  }

  static {
    construct = (who, work, writing) => new Disclosing(MAKER, who, writing.mediaType, written(who, work, writing));
  }

  /** True only for what `disclose` began for this person. */
  static isFor(value: unknown, who: Principal): value is Disclosing {
    if (typeof value !== 'object' || value === null || !(#who in value)) return false;
    const made = value.#who;
    return made.issuer === who.issuer && made.person === who.person && made.agency === who.agency;
  }
}

async function* written<T>(who: Principal, { steps, gone }: Work<T>, writing: Writing<T>): AsyncGenerator<string> {
  try {
    let told = '';
    while (!gone.aborted) {
      const step = await steps.next();
      if (step.done === true) {
        if (!Disclosed.isFor(step.value, who)) throw new Problem('not-disclosable');
        yield writing.answer(step.value);
        return;
      }
      const { part, percent } = step.value;
      const line = writing.progress({ part, percent: Math.max(0, Math.min(100, Math.floor(percent / STEP) * STEP)) });
      if (line !== told) yield line;
      told = line;
    }
  } finally {
    await steps.return(undefined as never);
  }
}
/** Per cent: finer steps would tell how much there is to go through. */
const STEP = 5;

/** For `disclose.ts` alone: the lib's index doesn't export it. */
export const constructDisclosing: typeof construct = (who, work, writing) => construct(who, work, writing);
