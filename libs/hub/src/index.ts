import { AdoptPackHandler, OfferPackHandler } from './adopt-pack.ts';
import { ReadAuditEntriesHandler } from './audit-entries.ts';
import { ReadAuditBundleHandler } from './audit-bundle.ts';
import { DraftAgreementHandler } from './draft-agreement.ts';
import { ReadDutyReturnsHandler } from './duty-returns.ts';
import { EndDutyRequestHandler } from './end-duty-request.ts';
import { EndAgreementHandler } from './end-agreement.ts';
import { EnrolAgencyHandler, ListAgenciesHandler } from './enrol-agency.ts';
import { ExplainDecisionHandler } from './explain-decision.ts';
import { FindReceiptHandler } from './find-receipt.ts';
import { IngestBatchHandler, IngestEventsHandler } from './ingest-events.ts';
import { MakeDutyRequestHandler } from './make-duty-request.ts';
import { MakeNilReturnHandler } from './make-nil-return.ts';
import { ListPurposesHandler } from './list-purposes.ts';
import { PublishReleaseHandler } from './publish-release.ts';
import { DiscardHeldHandler, ListQuarantineHandler, ReleaseHeldHandler } from './quarantine.ts';
import { ListAgreementsHandler, ReadAgreementHandler, ReadAgreementVersionHandler } from './read-agreement.ts';
import { ReadAgreementTextHandler } from './read-agreement-text.ts';
import { ReadBoundariesHandler } from './read-boundaries.ts';
import { ListDutyRequestsHandler, ReadDutyRequestHandler } from './read-duty-requests.ts';
import { ReadLogEntriesHandler } from './read-log-entries.ts';
import { ReadRegisterHandler } from './read-register.ts';
import { ReadReleaseTableHandler } from './read-release-table.ts';
import { ReadReleasesHandler } from './read-releases.ts';
import { ResumeAgreementHandler } from './resume-agreement.ts';
import { RehearseAgreementHandler } from './rehearse-agreement.ts';
import { SignAgreementHandler } from './sign-agreement.ts';
import { SuspendAgreementHandler } from './suspend-agreement.ts';

export { AdoptPack, OfferPack, PACK_LIMITS, type PackRef } from './adopt-pack.ts';
export { ReadAuditEntries, type AuditEntries, type EntryFilter } from './audit-entries.ts';
export { anchorAccessLog } from './anchor-access-log.ts';
export { ReadAuditBundle, type BundleHead } from './audit-bundle.ts';
export { Disclosed, isRefused, type Refused, type Sharing } from './disclosed.ts';
export { Disclosing } from './disclosing.ts';
export { DraftAgreement } from './draft-agreement.ts';
export { ReadDutyReturns, tellOverdue } from './duty-returns.ts';
export { EndDutyRequest, type DutyAct } from './end-duty-request.ts';
export { EndAgreement } from './end-agreement.ts';
export { EnrolAgency, enrolAgency, ListAgencies, type Enrolment } from './enrol-agency.ts';
export { ExplainDecision } from './explain-decision.ts';
export type { Receipt, Taken } from './event-fact.ts';
export { FindReceipt } from './find-receipt.ts';
export { IngestBatch, IngestEvents, publishesAnything } from './ingest-events.ts';
export { HubKeys } from './keys.ts';
export { MakeDutyRequest } from './make-duty-request.ts';
export { MakeNilReturn } from './make-nil-return.ts';
export { noteOverdueReviews } from './note-overdue-reviews.ts';
export { ListPurposes } from './list-purposes.ts';
export { PolicyFeed } from './policy-feed.ts';
export { HubPorts } from './ports.ts';
export { PublishRelease } from './publish-release.ts';
export { DiscardHeld, expireHeld, ListQuarantine, ReleaseHeld } from './quarantine.ts';
export { ListAgreements, ReadAgreement, ReadAgreementVersion } from './read-agreement.ts';
export { ReadAgreementText } from './read-agreement-text.ts';
export { ReadBoundaries } from './read-boundaries.ts';
export { ListDutyRequests, ReadDutyRequest } from './read-duty-requests.ts';
export { ReadLogEntries } from './read-log-entries.ts';
export { ReadRegister } from './read-register.ts';
export { ReadReleaseTable, type TableAsked } from './read-release-table.ts';
export { ReadReleases } from './read-releases.ts';
export { ResumeAgreement } from './resume-agreement.ts';
export { RehearseAgreement } from './rehearse-agreement.ts';
export { CHANGES, LOG_CHANGES } from './rehearsal-report.ts';
export { SignAgreement } from './sign-agreement.ts';
export { SuspendAgreement } from './suspend-agreement.ts';
/** Schemas of the documents that the use cases take, for whoever describes the API. */
export {
  AGREEMENT_LIMITS,
  AGREEMENT_SCHEMA,
  AGREEMENT_STATUSES,
  ENDING_SCOPES,
  LAW_PACK_SCHEMA,
  RULE_MEANINGS,
} from '#sharing';
export { GEOGRAPHY_SCHEMA } from '#statistics';

/** Every use case, for the module that runs them. */
export const HANDLERS = [
  AdoptPackHandler,
  OfferPackHandler,
  ReadAuditBundleHandler,
  ReadAuditEntriesHandler,
  DraftAgreementHandler,
  EndAgreementHandler,
  EnrolAgencyHandler,
  ListAgenciesHandler,
  ExplainDecisionHandler,
  FindReceiptHandler,
  IngestBatchHandler,
  IngestEventsHandler,
  ListPurposesHandler,
  PublishReleaseHandler,
  DiscardHeldHandler,
  ListQuarantineHandler,
  ReleaseHeldHandler,
  ListAgreementsHandler,
  ReadAgreementHandler,
  ReadAgreementTextHandler,
  ReadAgreementVersionHandler,
  ReadBoundariesHandler,
  ReadLogEntriesHandler,
  ReadRegisterHandler,
  ReadReleaseTableHandler,
  ReadReleasesHandler,
  ResumeAgreementHandler,
  RehearseAgreementHandler,
  SignAgreementHandler,
  MakeDutyRequestHandler,
  EndDutyRequestHandler,
  ReadDutyRequestHandler,
  ListDutyRequestsHandler,
  ReadDutyReturnsHandler,
  MakeNilReturnHandler,
  SuspendAgreementHandler,
];
