import { z } from 'zod';
import type { Route } from '@/server/api/rest/route';
import { routes } from '@/server/api/rest/routes';
import { healthSchema } from '@/server/api/rest/schemas';
import { ERROR_STATUS } from '@/server/domain/errors';
import { VERSION } from '@/server/services/system/version';

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().describe('Tells a person what to do'),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

const BEARER = [{ bearer: [] }];

/** The OpenAPI document, made from the table of routes. */
export function openApiDocument(serverUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {
    '/api/health': { get: healthOperation() },
    '/api/health/live': { get: liveOperation() },
  };
  for (const route of routes) {
    const path = `/api/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signalbox',
      version: VERSION,
      description: 'See every rollout, hold the gates, throw the traffic.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API token with scopes' },
      },
      schemas: { Error: jsonSchema(errorSchema, 'output') },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: `Needs the scope \`${route.permission}\`.`,
    tags: [route.path.split('/')[1]],
    security: BEARER,
    parameters: [
      ...parameters(route.params, 'path'),
      ...parameters(route.query, 'query'),
      ...keyParameter(route),
    ],
    ...requestBody(route),
    responses: {
      [route.status]: { description: 'Done', content: json(route.output, 'output') },
      ...failures(),
    },
  };
}

/** `POST /executions/{id}/cancel` → `postExecutionsIdCancel`; unique because method and path are. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^a-zA-Z]+/).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parameters(schema: z.ZodType, place: 'path' | 'query'): unknown[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
  }));
}

function keyParameter(route: Route): unknown[] {
  if (route.method !== 'POST' || route.permission !== 'execution.start') return [];
  const description = 'A second request with the same key answers what the first one started';
  return [
    { name: 'Idempotency-Key', in: 'header', required: false, description, schema: { type: 'string' } },
  ];
}

function requestBody(route: Route): Record<string, unknown> {
  if (route.body === null) return {};
  if (route.body === 'bytes') {
    return { requestBody: { required: true, content: { 'application/gzip': { schema: {} } } } };
  }
  return { requestBody: { required: true, content: json(route.body, 'input') } };
}

function failures(): Record<string, unknown> {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  const statuses = [...new Set(Object.values(ERROR_STATUS))];
  return Object.fromEntries(
    statuses.map((status) => [status, { description: 'Refused, with a sentence', content }]),
  );
}

function healthOperation(): Record<string, unknown> {
  return {
    operationId: 'getHealth',
    summary: 'Whether the parts are well',
    security: [],
    responses: {
      200: { description: 'The database answers', content: json(healthSchema, 'output') },
      503: { description: 'The database does not answer', content: json(healthSchema, 'output') },
    },
  };
}

function liveOperation(): Record<string, unknown> {
  return {
    operationId: 'isLive',
    summary: 'Whether this process answers, whatever the database does',
    security: [],
    responses: { 200: { description: 'It answers' } },
  };
}

function json(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  return { 'application/json': { schema: jsonSchema(schema, io) } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
