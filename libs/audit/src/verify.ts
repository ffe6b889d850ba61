export { boundedLines } from './verify/bounded-lines.ts';
export { FINDINGS, type Finding, type FindingCode } from './verify/findings.ts';
export { inspectRow, type InspectedRow } from './verify/inspect-row.ts';
export { isConsistent } from './verify/rfc6962.ts';
export { isSignedBy, parseVerifierKeys, readHead, type Head, type VerifierKey } from './verify/signed-note.ts';
export type { LogVerdict, Verdict } from './verify/verdict.ts';
export { verifyBundle, type BundleOptions, type BundleVerdict } from './verify/verify-bundle.ts';
export { verifyDirectory, type DirectoryOptions } from './verify/verify-directory.ts';
export { verifyReceipt, type ProvenReceipt } from './verify/verify-receipt.ts';
