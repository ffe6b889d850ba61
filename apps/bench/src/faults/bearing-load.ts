import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#kernel';
import type { Role } from '#contracts';
import { ANALYSTS, POLICE } from '../hub/people.ts';
import { eventLines } from '../hub/events.ts';
import { bytesOf, monotonic, questionPath, type RecordedHub } from './recorded-hub.ts';

const POSTING = 3;
const ASKING = 2;
const A_BATCH = 10;
const A_STREAM = 100;
const REFUSED_REST_MS = 20;
/** Files that grow too fast make every cut dear. */
const STREAM_REST_MS = 50;
/** Members of a problem that say nothing of what was asked or sent (`libs/edge`). */
const BARE_PROBLEM = ['type', 'title', 'status', 'correlationId'];

/**
 * Clients that push in every way and ask, and go on whatever they are answered. Nothing is sent again by itself: what was
 * answered is counted, what was promised is noted, what was not acknowledged is kept.
 */
export class BearingLoad {
  /** Answers by status. 0: a stream that ended without its closing line, or was not begun. */
  readonly answers = new Map<number, number>();
  /** Events that were sent and not acknowledged. */
  readonly unacknowledged: string[] = [];
  /** Answers of 503 that said more than that there is none. */
  readonly leaks: string[] = [];
  readonly #recorded: RecordedHub;
  readonly #line: (n: number) => string;
  #next = 0;

  constructor(recorded: RecordedHub, seed: string) {
    this.#recorded = recorded;
    this.#line = eventLines('incident', seed);
  }

  /** Until `signal`; what was under way is answered first. A connection that breaks after it is no fault. */
  async run(signal: AbortSignal): Promise<void> {
    const forever = async (once: () => Promise<void>): Promise<void> => {
      while (!signal.aborted)
        await once().catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
    };
    await Promise.all([
      ...Array.from({ length: POSTING }, () => forever(() => this.#post(1))),
      forever(() => this.#post(A_BATCH)),
      forever(() => this.#stream()),
      ...Array.from({ length: ASKING }, () => forever(() => this.#ask())),
    ]);
  }

  count(status: number): number {
    return this.answers.get(status) ?? 0;
  }

  async #post(count: number): Promise<void> {
    const lines = this.#take(count);
    const [type, body] =
      count === 1 ? ['cloudevents+json', lines[0] ?? ''] : ['cloudevents-batch+json', `[${lines.join(',')}]`];
    const headers = { 'content-type': `application/${type}` };
    try {
      const { status, text } = await this.#send(POLICE, 'publisher', '/v1/events', { method: 'POST', headers, body });
      if (status !== 200 && status !== 201) return;
      const said = JSON.parse(text) as { readonly position: string } | readonly { readonly position: string }[];
      const receipts = [said].flat();
      lines.forEach((sent, n) => this.#acknowledged(sent, receipts[n]?.position ?? ''));
    } finally {
      this.#putBack(lines);
    }
  }

  async #stream(): Promise<void> {
    const lines = this.#take(A_STREAM);
    try {
      for await (const { line, position } of this.#recorded.hub.as(POLICE, 'publisher').pushNdjson(bytesOf(lines)))
        if (position !== undefined) this.#acknowledged(lines[line - 1] ?? '', position);
      this.#count(200);
      await pause(STREAM_REST_MS);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.field === 'token-invalid') await this.#refused(POLICE, 'publisher');
      else if (!INCOMPLETE.includes(error.code)) throw error;
      this.#count(error.field === 'token-invalid' ? 401 : 0);
      await pause(REFUSED_REST_MS);
    } finally {
      this.#putBack(lines);
    }
  }

  async #ask(): Promise<void> {
    const { status, text } = await this.#send(ANALYSTS, 'analyst', questionPath(this.#recorded.release));
    if (status !== 200) return;
    const { disclosureId } = (JSON.parse(text) as { readonly sharing: { readonly disclosureId: string } }).sharing;
    this.#recorded.promised.answered.push({ at: monotonic(), disclosureId });
  }

  async #send(
    agency: string,
    role: Role,
    path: string,
    request: RequestInit = {},
  ): Promise<{ status: number; text: string }> {
    const { hub } = this.#recorded;
    const authorization = `Bearer ${await hub.as(agency, role).token()}`;
    const answer = await fetch(`${hub.url}${path}`, { ...request, headers: { ...request.headers, authorization } });
    const text = await answer.text();
    this.#count(answer.status);
    if (answer.status === 503) {
      const members = Object.keys(JSON.parse(text) as object);
      if (!members.every((member) => BARE_PROBLEM.includes(member))) this.leaks.push(text);
      await pause(REFUSED_REST_MS);
    }
    if (answer.status === 401) await this.#refused(agency, role);
    return { status: answer.status, text };
  }

  /** A client of the hub replaces a token that is no longer taken when it asks something. */
  async #refused(agency: string, role: Role): Promise<void> {
    await this.#recorded.hub.as(agency, role).get('/v1/receipts/0');
  }

  #take(count: number): readonly string[] {
    return Array.from({ length: count }, () => this.#line(this.#next++));
  }

  #acknowledged(sent: string, position: string): void {
    this.#recorded.promised.acknowledged.push({ at: monotonic(), sent, position });
    this.#done.add(sent);
  }

  readonly #done = new Set<string>();
  #putBack(lines: readonly string[]): void {
    for (const line of lines) if (!this.#done.delete(line)) this.unacknowledged.push(line);
  }

  #count(status: number): void {
    this.answers.set(status, this.count(status) + 1);
  }
}

const INCOMPLETE = ['push-incomplete', 'hub-busy', 'hub-unreachable'];
