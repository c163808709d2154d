import { z } from 'zod';
import { render } from '@/server/api/rest/render';
import { everywhereRollbackSchema } from '@/server/api/rest/rollback-schemas';
import { type Route, route } from '@/server/api/rest/route';
import { startedSchema } from '@/server/api/rest/schemas';
import { previewEverywhere } from '@/server/services/rollbacks/preview-everywhere';
import { startEverywhere, startEverywhereInput } from '@/server/services/rollbacks/start-everywhere';

const execution = z.object({ id: z.uuid('must be the id of an execution') });
const app = z.object({ app: z.string() });
const version = z.object({ version: z.string().optional() });
const reason = startEverywhereInput.pick({ reason: true });

/** Rollbacks of several environments at once. */
export const rollbackRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/executions/{id}/rollback',
    summary: 'What it would do to take back what an execution has delivered, environment by environment',
    permission: 'read',
    params: execution,
    output: everywhereRollbackSchema,
    handle: async (ctx, { params }) => render(await previewEverywhere(ctx, { executionId: params.id })),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/rollback',
    summary: 'Take back what an execution has delivered, in all its environments at once',
    permission: 'cluster.rollback',
    params: execution,
    body: reason,
    output: startedSchema,
    status: 201,
    handle: (ctx, { params, body, idempotencyKey }) =>
      startEverywhere(ctx, { ...body, target: { executionId: params.id }, idempotencyKey }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/rollback',
    summary: 'What it would do to take a version back wherever it serves; the newest one when none is named',
    permission: 'read',
    params: app,
    query: version,
    output: everywhereRollbackSchema,
    handle: async (ctx, { params, query }) =>
      render(await previewEverywhere(ctx, { application: params.app, ...query })),
  }),
  route({
    method: 'POST',
    path: '/applications/{app}/rollback',
    summary: 'Take a version back wherever it serves, in all environments at once',
    permission: 'cluster.rollback',
    params: app,
    body: reason.extend(version.required().shape),
    output: startedSchema,
    status: 201,
    handle: (ctx, { params, body: { version: one, ...body }, idempotencyKey }) =>
      startEverywhere(ctx, { ...body, target: { application: params.app, version: one }, idempotencyKey }),
  }),
];
