import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Problem } from '#kernel';
import { BEARER } from './operation-docs.ts';
import type { Operation } from './operation.ts';
import { withSchemas } from './operation-schemas.ts';
import { PROBLEM_SCHEMA } from './answers.ts';

/** Injection token of {@link ApiPages}. */
export const API_PAGES = Symbol('ApiPages');

export interface ApiPages {
  /** RFC 9728 §2. */
  resourceMetadata(): Readonly<Record<string, unknown>>;
  openapi(): Uint8Array;
  page(): Uint8Array;
  asset(file: string): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined>;
}

/** What the document and the resource's metadata say of this hub. */
export interface About {
  readonly title: string;
  readonly version: string;
  readonly publicUrl: string;
  readonly issuers: readonly string[];
}

const SCRIPT = 'text/javascript; charset=utf-8';
const FROM_PACKAGE: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': SCRIPT,
};
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;
const PAGE = (title: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<noscript><p>The document itself is at <a href="/openapi.json">/openapi.json</a>.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Pages made of the application's own routes; everything they load is served from here. */
export class GeneratedPages implements ApiPages {
  readonly #about: About;
  readonly #kept = new Map<string, Buffer>();
  #openapi: Buffer | undefined;

  constructor(about: About) {
    this.#about = about;
  }

  /** Once all routes are declared and before the first request. */
  generate(app: INestApplication, operations: readonly Operation[]): OpenAPIObject {
    const document = openApiDocument(app, operations, this.#about);
    this.#openapi = Buffer.from(JSON.stringify(document));
    return document;
  }

  resourceMetadata(): Readonly<Record<string, unknown>> {
    return {
      resource: this.#about.publicUrl,
      resource_name: this.#about.title,
      authorization_servers: this.#about.issuers,
      bearer_methods_supported: ['header'],
      resource_documentation: `${this.#about.publicUrl}/docs`,
    };
  }

  openapi(): Uint8Array {
    if (this.#openapi === undefined) throw new Problem('not-ready');
    return this.#openapi;
  }

  page(): Uint8Array {
    return Buffer.from(PAGE(this.#about.title.replace(/[<>&"]/g, '')));
  }

  async asset(file: string): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | undefined> {
    if (file === 'start.js') return { bytes: Buffer.from(START), mediaType: SCRIPT };
    const mediaType = Object.hasOwn(FROM_PACKAGE, file) ? FROM_PACKAGE[file] : undefined;
    if (mediaType === undefined) return undefined;
    const kept = this.#kept.get(file) ?? (await readFile(join(swaggerUi(), file)));
    this.#kept.set(file, kept);
    return { bytes: kept, mediaType };
  }
}

/** Folder of swagger-ui-dist, found the way @nestjs/swagger, which depends on it, would find it. */
function swaggerUi(): string {
  const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
}

/** OpenAPI 3.1 of every declared operation. */
export function openApiDocument(
  app: INestApplication,
  operations: readonly Operation[],
  { title, version, publicUrl }: About,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt (RFC 9068), audience svd-hub' }, BEARER)
    .build();
  const routes = SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
  const document = withSchemas(routes, operations);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  return document;
}
