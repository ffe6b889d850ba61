export * from './publisher.ts';
export { hubSettings, setting, type Environment } from './http/hub-settings.ts';
export { openHub, type Hub, type HubOptions, type Headers } from './http/open-hub.ts';
export type { Answer } from './http/wire.ts';
export type { Claims } from './http/access.ts';
export type { RetryPolicy } from './http/retry.ts';
export { memoryHub, type MemoryHub } from './memory/memory-hub.ts';
