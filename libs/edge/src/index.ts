export { createEdge, type Edge, type EdgeOptions } from './create-edge.ts';
export { Operation, operationOf, type MediaType, type OperationKind, type Parameter } from './operation.ts';
export {
  closed,
  instant,
  json,
  listOf,
  named,
  position,
  sha256Hex,
  text,
  wholeNumber,
  type Content,
  type Described,
} from './schemas.ts';
export { LINE_PROBLEM_SCHEMA } from './answers.ts';
export { assertOperations } from './declarations.ts';
export { AGENCY_DIRECTORY, UNAUTHENTICATED, type AgencyDirectory, type Unauthenticated } from './admission.ts';
export { ALGORITHMS, AUDIENCE, Authentication, type TrustedIssuer } from './authentication.ts';
export { FIT, edgeFit, type Fit } from './fit.ts';
export { METRICS } from './metrics.ts';
export { READINESS, type Readiness } from './readiness.ts';
export { Caller, CorrelationId, Gone, IncomingBody, type Incoming } from './arguments.ts';
export { COMMAND_LIMITS, CommandBody, CommandQuery, StrictJson, strictJson } from './command-body.ts';
export {
  bytes,
  lines,
  operational,
  owned,
  published,
  Bytes,
  Lines,
  Operational,
  Owned,
  Public,
  type AnswerHeaders,
  type How,
  type Rendered,
} from './results.ts';
export { PROBLEM_JSON, Refused, codeOf, problemBody, type ProblemBody } from './problems.ts';
export type { ProblemKind } from './problem-kind.ts';
export { PROBLEMS, isProblemCode, type ProblemCode } from './problem-table.ts';
export { START_FAULTS } from './start-faults.ts';
