import type { OpenAPIObject } from '@nestjs/swagger';
import type { JsonSchema } from '#contracts';
import type { Operation } from './operation.ts';
import { referring, type Described } from './schemas.ts';

type Components = Map<string, JsonSchema>;
interface Entry {
  operationId?: string;
  parameters?: unknown[];
  requestBody?: unknown;
  responses: Record<string, { description: string; content?: unknown; headers?: unknown }>;
}

/** Puts the bodies and answers that the operations declare into the document that their routes made. */
export function withSchemas(document: OpenAPIObject, operations: readonly Operation[]): OpenAPIObject {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const components: Components = new Map();
  for (const methods of Object.values(document.paths)) {
    for (const [method, entry] of Object.entries(methods) as [string, Entry][]) {
      const operation = byId.get(entry.operationId ?? '');
      if (operation !== undefined) complete(entry, operation, components);
      if (method === 'get' && operation?.answers?.[200]?.headers?.['etag'] !== undefined) conditional(entry);
    }
  }
  const ofClasses = Object.entries(document.components?.schemas ?? {}).map(
    // a command's body is refused for whatever its class does not declare
    ([name, schema]) => [name, { ...schema, additionalProperties: false }] as const,
  );
  const schemas = { ...Object.fromEntries(ofClasses), ...Object.fromEntries(components) };
  return { ...document, components: { ...document.components, schemas } };
}

function complete(entry: Entry, { body, answers = {} }: Operation, components: Components): void {
  if (body !== undefined) entry.requestBody = { required: true, content: contentOf(body, components) };
  for (const [status, answer] of Object.entries(answers)) {
    const response = (entry.responses[status] ??= { description: 'OK' });
    response.content = contentOf(answer, components);
    if (answer.headers !== undefined) response.headers = headersOf(answer.headers);
  }
}

/** A GET that names its version is not answered twice (RFC 9110 §13.1.2). */
function conditional(entry: Entry): void {
  entry.responses['304'] = { description: 'Unchanged since the version that If-None-Match names' };
  entry.parameters = [...(entry.parameters ?? []), IF_NONE_MATCH];
}

const contentOf = ({ content }: Described, components: Components): unknown =>
  Object.fromEntries(
    Object.entries(content).map(([mediaType, { schema, examples }]) => [
      mediaType,
      { schema: referring(schema, components), ...(examples === undefined ? {} : { examples: valuesOf(examples) }) },
    ]),
  );

const valuesOf = (examples: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));

const headersOf = (headers: Readonly<Record<string, string>>): unknown =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'An ETag that an earlier answer carried; the same answer is then 304 without a body.',
  schema: { type: 'string' },
};
