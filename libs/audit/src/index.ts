export type { AccessLog, AccessQuery } from './access-log.ts';
export { openMemoryAccessLog } from './memory/memory-access-log.ts';
export { openAccessLog, type AccessLogOptions } from './sqlite/sqlite-access-log.ts';
