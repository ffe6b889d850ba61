import { Controller, Get, Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { Problem } from '#kernel';
import { LIVE, METRICS_TEXT, READY } from './answers.ts';
import { METRICS } from './metrics.ts';
import { Operation } from './operation.ts';
import { READINESS, type Readiness } from './readiness.ts';
import { bytes, operational, type Operational } from './results.ts';

/** Is it alive, is it ready, how does it do. */
@Controller()
export class OperationsController {
  readonly #registry: Registry;
  readonly #modules: ModuleRef;
  constructor(@Inject(METRICS) registry: Registry, @Inject(ModuleRef) modules: ModuleRef) {
    this.#registry = registry;
    this.#modules = modules;
  }

  @Get('health/live')
  @Operation({
    id: 'health.live',
    kind: 'operations',
    roles: 'none',
    summary: 'The process runs',
    purpose: false,
    answers: { 200: LIVE },
  })
  live(): Operational {
    return operational({ status: 'live' });
  }

  @Get('health/ready')
  @Operation({
    id: 'health.ready',
    kind: 'operations',
    roles: 'none',
    summary: 'The hub can answer',
    purpose: false,
    answers: { 200: READY },
    problems: ['not-ready'],
  })
  async ready(): Promise<Operational> {
    const [missing] = await this.#modules.get<Readiness>(READINESS, { strict: false }).missing();
    if (missing !== undefined) throw new Problem('not-ready', { field: missing, retryAfter: 1 });
    return operational({ status: 'ready' });
  }

  @Get('metrics')
  @Operation({
    id: 'metrics.read',
    kind: 'operations',
    roles: ['operator'],
    summary: 'Metrics in the Prometheus text format',
    purpose: false,
    answers: { 200: METRICS_TEXT },
  })
  async metrics(): Promise<Operational> {
    return operational(bytes(Buffer.from(await this.#registry.metrics()), this.#registry.contentType));
  }
}
