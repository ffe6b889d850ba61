/** True for an error of the operating system with this code (`EEXIST`, `ENOENT` …), whatever realm it was made in. */
export const isSystemError = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
