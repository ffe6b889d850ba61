import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '#kernel';
import { Outgoing, sendAnswer } from './answer.ts';
import type { Faults } from './server.ts';

/**
 * Nest on Fastify, with every answer and every fault going through the edge: a value that the interceptor didn't find
 * fit is never written, and Nest's own error pages, parsers and not-found handler are not installed.
 */
export class EdgeAdapter extends FastifyAdapter {
  readonly #faults: Faults;

  constructor(instance: FastifyInstance, faults: Faults) {
    super(instance as never);
    this.#faults = faults;
  }

  override reply(response: FastifyReply, body: unknown): FastifyReply {
    if (response.sent) return response;
    if (!(body instanceof Outgoing)) return this.#faults.answer(response, new Problem('not-disclosable'));
    try {
      return sendAnswer(response, body, (error) => this.#faults.cut(response, error));
    } catch (error) {
      return this.#faults.answer(response, error);
    }
  }

  /** No middleware: what Nest would run through it would run before the operation is known. */
  override init(): Promise<void> {
    return Promise.resolve();
  }
  override registerParserMiddleware(): void {}
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }
  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance();
  }
}
