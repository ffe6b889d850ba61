import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
} from '@nestjs/swagger';
import { PURPOSES } from '#contracts';
import type { Operation, Parameter } from './operation.ts';
import { PROBLEM_JSON } from './problems.ts';
import { PROBLEMS, type ProblemCode } from './problem-table.ts';

/** Name of the security scheme in the API's document. */
export const BEARER = 'bearer';

/** The decorators that put an operation into the OpenAPI document: what it answers, refuses and requires. */
export function documented(operation: Operation): MethodDecorator[] {
  const signedIn = operation.roles !== 'none';
  const roles = Array.isArray(operation.roles) ? `Roles: ${operation.roles.join(', ')}.` : undefined;
  const decorators: MethodDecorator[] = [
    ApiOperation({
      operationId: operation.id,
      summary: operation.summary,
      description: [`Kind: ${operation.kind}.`, roles].filter((text) => text !== undefined).join(' '),
    }),
  ];
  if (signedIn) decorators.push(ApiBearerAuth(BEARER));
  const accepts = operation.accepts ?? [];
  if (accepts.some((mediaType) => mediaType !== 'application/json')) {
    decorators.push(ApiConsumes(...accepts), ApiBody({ required: true, schema: {} }));
  }
  if (operation.purpose) decorators.push(ApiQuery(PURPOSE));
  decorators.push(...(operation.parameters ?? []).map(parameter));
  for (const [status, description] of Object.entries(operation.responses ?? { 200: 'OK' })) {
    decorators.push(ApiResponse({ status: Number(status), description }));
  }
  for (const [status, codes] of byStatus(operation, signedIn)) {
    decorators.push(ApiResponse({ status, description: codes.join(', '), content: problemContent(codes) }));
  }
  return decorators;
}

const PURPOSE = {
  name: 'purpose',
  required: true,
  description: 'Why you ask. A call without a purpose, or for one that no agreement grants you, is refused.',
  schema: { type: 'string', enum: [...PURPOSES] },
};

function parameter({ in: place, name, description, schema }: Parameter): MethodDecorator {
  const described = { name, description, required: true, schema: { ...schema } };
  return place === 'path' ? ApiParam(described) : ApiHeader(described);
}

function byStatus(operation: Operation, signedIn: boolean): Map<number, ProblemCode[]> {
  const always: ProblemCode[] = ['request-malformed', 'unavailable'];
  if (signedIn) always.push('token-missing', 'token-invalid', 'agency-not-enrolled');
  if (Array.isArray(operation.roles) && operation.kind !== 'disclosure') always.push('role-required');
  if (operation.kind === 'disclosure') always.push('refused', 'not-found', 'audit-unavailable', 'policy-stale');
  const answered = new Set(Object.keys(operation.responses ?? { 200: '' }).map(Number));
  const grouped = new Map<number, ProblemCode[]>();
  for (const code of new Set([...always, ...(operation.problems ?? [])])) {
    const { status } = PROBLEMS[code];
    if (!answered.has(status)) grouped.set(status, [...(grouped.get(status) ?? []), code]);
  }
  return grouped;
}

function problemContent(codes: readonly ProblemCode[]) {
  return {
    [PROBLEM_JSON]: {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
    },
  };
}

const example = (code: ProblemCode) => ({
  type: `/problems/${code}`,
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  correlationId: '3f0c1c9e-2c1b-4a6e-9c0e-0d5a8f6f7b10',
});
