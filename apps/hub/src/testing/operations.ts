import type { HubUnderTest } from './running-hub.ts';

/** An operation as the API's own document lists it. */
export interface Listed {
  readonly operationId: string;
  readonly method: string;
  /** With `:name` parameters filled by something of the right form that does not exist. */
  readonly path: string;
  readonly signedIn: boolean;
  /** Media types of the body; empty where there is none. */
  readonly mediaTypes: readonly string[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
}
interface Entry {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

const FILLED: Readonly<Record<string, string>> = {
  position: '999999',
  kind: 'codes',
  version: 'no-such-version',
  code: 'not-found',
  file: 'start.js',
  log: 'facts',
  path: '000',
};
const idAt = (path: string): string => {
  if (/\/quarantine\/|\/duty\/requests\//.test(path)) return '0'.repeat(32);
  if (path.includes('/parked/')) return 'incidents:999999';
  return path.includes('/releases/') ? 'police-incidents@1.2019-01.v1' : 'no-such-agreement';
};

export async function openApiOf(hub: HubUnderTest): Promise<Document> {
  return (await (await fetch(`${hub.url}/openapi.json`)).json()) as Document;
}

/** Every operation of the document. */
export async function operationsOf(hub: HubUnderTest): Promise<readonly Listed[]> {
  const { paths } = await openApiOf(hub);
  return Object.entries(paths).flatMap(([path, entries]) =>
    Object.entries(entries).map(([method, { operationId, security, requestBody }]) => ({
      operationId,
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => FILLED[name] ?? idAt(path)),
      signedIn: (security ?? []).length > 0,
      mediaTypes: Object.keys(requestBody?.content ?? {}),
    })),
  );
}
