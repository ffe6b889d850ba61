import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import type { Registry } from 'prom-client';
import 'reflect-metadata';
import { Problem, systemClock, type Clock } from '#kernel';
import { EdgeAdapter } from './adapter.ts';
import {
  admission,
  AGENCY_DIRECTORY,
  UNAUTHENTICATED,
  type AgencyDirectory,
  type Unauthenticated,
} from './admission.ts';
import { API_PAGES, GeneratedPages } from './api-pages.ts';
import { Authentication, type TrustedIssuer } from './authentication.ts';
import { assertOperations } from './declarations.ts';
import { DiscoveryController } from './discovery.controller.ts';
import { FIT, type Fit } from './fit.ts';
import { edgeLog } from './log.ts';
import { edgeMetrics, METRICS } from './metrics.ts';
import type { Operation } from './operation.ts';
import { OperationsController } from './operations.controller.ts';
import { AdmittedGuard, FitInterceptor, ProblemFilter } from './pipeline.ts';
import { READINESS, type Readiness } from './readiness.ts';
import { edgeServer } from './server.ts';

export interface EdgeOptions {
  /** Where outsiders reach the hub, without a closing slash: `http://127.0.0.1:3000`. */
  readonly publicUrl: string;
  readonly title: string;
  readonly version: string;
  readonly issuers: readonly TrustedIssuer[];
  /** `info` when absent. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where the log is written; standard output when absent. */
  readonly logTo?: DestinationStream;
  readonly clock?: Clock;
  /** Mounts what answers for itself beside the API; each of its routes carries `config: { mounted: <name> }`. */
  readonly mount?: (instance: FastifyInstance) => void;
}

export interface Edge {
  /** Initialised, not yet listening: `await app.listen(port, host)`, `await app.close()`. */
  readonly app: NestFastifyApplication;
  readonly registry: Registry;
  readonly operations: readonly Operation[];
  readonly openapi: OpenAPIObject;
}

class EdgeRoot {}

/**
 * The application behind its edge. `AppModule` must provide {@link AGENCY_DIRECTORY}, {@link FIT}, {@link READINESS} and
 * {@link UNAUTHENTICATED}; without one of them, or with a route that declares no operation, it does not start.
 */
export async function createEdge(AppModule: Type | DynamicModule, options: EdgeOptions): Promise<Edge> {
  if (!URL.canParse(options.publicUrl) || options.publicUrl.endsWith('/'))
    throw new Problem('setting-invalid', { field: 'publicUrl' });
  const { publicUrl, title, version } = options;
  const metrics = edgeMetrics();
  const pages = new GeneratedPages({ title, version, publicUrl, issuers: options.issuers.map(({ issuer }) => issuer) });
  const resourceMetadata = `${publicUrl}/.well-known/oauth-protected-resource`;
  const { instance, faults } = edgeServer({
    log: edgeLog(options.logLevel ?? 'info', options.logTo),
    metrics,
    resourceMetadata,
  });
  const authentication = new Authentication(options.issuers, options.clock ?? systemClock);

  const root: DynamicModule = {
    module: EdgeRoot,
    global: true,
    exports: [METRICS],
    imports: [AppModule],
    controllers: [OperationsController, DiscoveryController],
    providers: [
      { provide: METRICS, useValue: metrics.registry },
      { provide: API_PAGES, useValue: pages },
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, new EdgeAdapter(instance, faults), {
    logger: false,
    abortOnError: false,
  });
  try {
    const port = <T>(token: symbol): T => app.get<T>(token, { strict: false });
    const fit = port<Fit>(FIT);
    port<Readiness>(READINESS);
    const directory = port<AgencyDirectory>(AGENCY_DIRECTORY);
    const counter = port<Unauthenticated>(UNAUTHENTICATED);
    const unauthenticated: Unauthenticated = {
      onUnauthenticated: (operationId) => {
        metrics.unauthenticated(operationId);
        counter.onUnauthenticated(operationId);
      },
    };
    const operations = assertOperations(app);
    instance.addHook('onRequest', admission({ authentication, directory, unauthenticated }));
    app.useGlobalGuards(new AdmittedGuard());
    app.useGlobalInterceptors(new FitInterceptor(fit));
    app.useGlobalFilters(new ProblemFilter(faults));
    options.mount?.(instance);
    await app.init();
    await instance.ready();
    return { app, registry: metrics.registry, operations, openapi: pages.generate(app, operations) };
  } catch (error) {
    await app.close();
    throw error;
  }
}
