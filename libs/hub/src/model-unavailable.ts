import { Problem } from '#kernel';

/** A model that is down or being built has nothing to answer from. */
export function unavailable(error: unknown): never {
  const passing =
    error instanceof Problem && (error.code === 'projector-down' || error.code === 'projection-rebuilding');
  throw passing ? new Problem('model-unavailable') : error;
}
