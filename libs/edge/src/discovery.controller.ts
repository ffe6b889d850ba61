import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Problem } from '#kernel';
import { ASSET, OPENAPI, PAGE, PROBLEM_KIND, RESOURCE } from './answers.ts';
import { API_PAGES, type ApiPages } from './api-pages.ts';
import { Operation } from './operation.ts';
import { PROBLEMS, isProblemCode } from './problem-table.ts';
import { bytes, published, type Public } from './results.ts';

const CACHED = 'public, max-age=300';
/** The interface's own scripts and styles; it sets styles on elements, and draws its icons from data: addresses. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What an outsider needs to begin: where to sign in, what may be called, what a problem means. */
@Controller()
export class DiscoveryController {
  readonly #pages: ApiPages;
  constructor(@Inject(API_PAGES) pages: ApiPages) {
    this.#pages = pages;
  }

  @Get('.well-known/oauth-protected-resource')
  @Operation({
    id: 'discovery.resource',
    kind: 'public',
    roles: 'none',
    summary: 'Where to sign in (RFC 9728)',
    purpose: false,
    answers: { 200: RESOURCE },
  })
  resource(): Public {
    return published(this.#pages.resourceMetadata(), { headers: { 'cache-control': CACHED } });
  }

  @Get('openapi.json')
  @Operation({
    id: 'discovery.openapi',
    kind: 'public',
    roles: 'none',
    summary: 'This document',
    purpose: false,
    answers: { 200: OPENAPI },
  })
  openapi(): Public {
    return published(bytes(this.#pages.openapi(), 'application/json; charset=utf-8'), {
      headers: { 'cache-control': CACHED },
    });
  }

  @Get('docs')
  @Operation({
    id: 'discovery.docs',
    kind: 'public',
    roles: 'none',
    summary: 'This document to browse',
    purpose: false,
    answers: { 200: PAGE },
  })
  docs(): Public {
    return published(bytes(this.#pages.page(), 'text/html; charset=utf-8'), {
      headers: { 'content-security-policy': DOCS_CSP, 'cache-control': CACHED },
    });
  }

  @Get('docs/:file')
  @Operation({
    id: 'discovery.docs-file',
    kind: 'public',
    roles: 'none',
    summary: 'A script or style of the pages',
    purpose: false,
    parameters: [{ in: 'path', name: 'file', description: 'Name of the file.', schema: { type: 'string' } }],
    answers: { 200: ASSET },
    problems: ['not-found'],
  })
  async file(@Param('file') file: string): Promise<Public> {
    const asset = await this.#pages.asset(file);
    if (asset === undefined) throw new Problem('not-found');
    return published(bytes(asset.bytes, asset.mediaType), { headers: { 'cache-control': CACHED } });
  }

  @Get('problems/:code')
  @Operation({
    id: 'discovery.problem',
    kind: 'public',
    roles: 'none',
    summary: 'What a problem means',
    purpose: false,
    parameters: [
      {
        in: 'path',
        name: 'code',
        description: 'The last part of a `type`.',
        schema: { type: 'string', enum: Object.keys(PROBLEMS) },
      },
    ],
    answers: { 200: PROBLEM_KIND },
    problems: ['not-found'],
  })
  problem(@Param('code') code: string): Public {
    if (!isProblemCode(code)) throw new Problem('not-found');
    return published({ type: `/problems/${code}`, ...PROBLEMS[code] }, { headers: { 'cache-control': CACHED } });
  }
}
