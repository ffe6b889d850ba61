import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Principal } from '#contracts';
import {
  AGENCY_DIRECTORY,
  edgeFit,
  FIT,
  READINESS,
  UNAUTHENTICATED,
  type AgencyDirectory,
  type Readiness,
} from '#edge';
import { Disclosed, Disclosing, HANDLERS, HubPorts, PolicyFeed } from '#hub';
import { ReleasesController } from './ask/releases.controller.ts';
import { BundleController } from './audit/bundle.controller.ts';
import { EntriesController } from './audit/entries.controller.ts';
import { LogController } from './audit/log.controller.ts';
import { AgenciesController } from './govern/agencies.controller.ts';
import { AgreementLifeController } from './govern/agreement-life.controller.ts';
import { AgreementTextController } from './govern/agreement-text.controller.ts';
import { AgreementsController } from './govern/agreements.controller.ts';
import { DecisionsController } from './govern/decisions.controller.ts';
import { DutyController } from './govern/duty.controller.ts';
import { PurposesController } from './govern/purposes.controller.ts';
import { ReferenceController } from './govern/reference.controller.ts';
import { RegisterController } from './govern/register.controller.ts';
import { RehearsalController } from './govern/rehearsal.controller.ts';
import { EventsController } from './ingest/events.controller.ts';
import { NilReturnsController } from './ingest/nil-returns.controller.ts';
import { QuarantineController } from './ingest/quarantine.controller.ts';
import { ProjectionsController } from './operate/projections.controller.ts';
import { readinessOf } from './readiness.ts';

const isDisclosedFor = (value: unknown, who: Principal): value is Disclosed<unknown> | Disclosing =>
  Disclosed.isFor(value, who) || Disclosing.isFor(value, who);

/** The hub with all its roles in one process. */
@Module({})
export class HubModule {
  static over(ports: HubPorts, feed: PolicyFeed): DynamicModule {
    const directory: AgencyDirectory = {
      roles: (agency, issuer) => {
        const enrolled = feed.latest.agencies.get(agency);
        return enrolled?.issuers.includes(issuer) === true ? new Set(enrolled.roles) : undefined;
      },
    };
    const readiness: Readiness = readinessOf(ports, feed);
    return {
      module: HubModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        EventsController,
        QuarantineController,
        NilReturnsController,
        AgenciesController,
        ReferenceController,
        AgreementsController,
        AgreementTextController,
        PurposesController,
        RegisterController,
        AgreementLifeController,
        DecisionsController,
        DutyController,
        RehearsalController,
        ReleasesController,
        EntriesController,
        LogController,
        BundleController,
        ProjectionsController,
      ],
      providers: [
        { provide: HubPorts, useValue: ports },
        { provide: PolicyFeed, useValue: feed },
        ...HANDLERS,
        { provide: AGENCY_DIRECTORY, useValue: directory },
        { provide: READINESS, useValue: readiness },
        { provide: FIT, useValue: edgeFit(isDisclosedFor) },
        { provide: UNAUTHENTICATED, useValue: { onUnauthenticated: () => undefined } },
      ],
    };
  }
}
