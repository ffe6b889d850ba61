import { ErrorType } from '@eventstore/db-client';
import { Problem } from '#kernel';

/** By type and not by class: both ways of appending, and a call that never left, throw other shapes. */
const typeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;

export const isMissingStream = (error: unknown): boolean => typeOf(error) === ErrorType.STREAM_NOT_FOUND;
export const isNotLeader = (error: unknown): boolean => typeOf(error) === ErrorType.NOT_LEADER;
export const isWrongRevision = (error: unknown): boolean => typeOf(error) === ErrorType.WRONG_EXPECTED_VERSION;

/** What the engine said no to, for certain and for good; undefined for whatever may heal or may have happened all the same. */
export function refusalOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  switch (typeOf(error)) {
    case ErrorType.ACCESS_DENIED:
      return new Problem('store-access-denied');
    case ErrorType.STREAM_DELETED:
    case ErrorType.NO_STREAM:
      return new Problem('store-damaged');
    case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
    case ErrorType.INVALID_ARGUMENT:
    case ErrorType.MISSING_REQUIRED_METADATA_PROPERTY:
      return new Problem('store-refused');
    default:
      return undefined;
  }
}

export const unavailable = (): Problem => new Problem('store-unavailable', { retryAfter: 1 });
export const isUnavailable = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'store-unavailable';
/** Never the engine's own text: it may hold an address, or what was sent. */
export const problemOf = (error: unknown): Problem => refusalOf(error) ?? unavailable();
