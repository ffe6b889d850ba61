/** Injection token of {@link Readiness}. */
export const READINESS = Symbol('Readiness');

/** What must hold before the hub answers: the logs writable, the policy fresh, the models served. */
export interface Readiness {
  /** Names of parts that are not ready, none of them personal or an agency's; empty when ready. Fast: no I/O of its own. */
  missing(): readonly string[] | Promise<readonly string[]>;
}
