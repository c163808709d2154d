import { z } from 'zod';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import { appliedSchema, okSchema } from '@/server/api/rest/schemas';
import * as shapes from '@/server/api/rest/toggle-schemas';
import {
  applyToggleEnvironment,
  applyToggleEnvironmentInput,
} from '@/server/services/toggles/apply-environment';
import { createClientKey, createClientKeyInput } from '@/server/services/toggles/create-client-key';
import { exportFlagd, exportFlagdInput } from '@/server/services/toggles/export-flagd';
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { listClientKeys, listClientKeysInput } from '@/server/services/toggles/list-client-keys';
import { listToggleEnvironments } from '@/server/services/toggles/list-environments';
import { listSegments } from '@/server/services/toggles/list-segments';
import { removeSegment, removeSegmentInput } from '@/server/services/toggles/remove-segment';
import { revokeClientKey, revokeClientKeyInput } from '@/server/services/toggles/revoke-client-key';
import { saveSegment, saveSegmentInput } from '@/server/services/toggles/save-segment';

const environment = z.object({ environment: z.string() });

/** What toggles share: environments with their files and keys, and segments. */
export const toggleEnvironmentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/toggle-environments',
    summary: 'Where toggles are switched apart from each other',
    permission: 'read',
    output: z.object({ items: z.array(shapes.environmentSchema) }),
    handle: async (ctx) => ({ items: await listToggleEnvironments(ctx, {}) }),
  }),
  route({
    method: 'PUT',
    path: '/toggle-environments/{name}',
    summary: 'Add an environment of toggles or change it; what is left out stays',
    permission: 'integration.write',
    params: applyToggleEnvironmentInput.pick({ name: true }),
    body: applyToggleEnvironmentInput.omit({ name: true }),
    output: appliedSchema,
    handle: (ctx, { params, body }) => applyToggleEnvironment(ctx, { ...body, ...params }),
  }),
  route({
    method: 'POST',
    path: '/toggle-environments/{environment}/import',
    summary:
      'Bring a flagd file into an environment, all of it or nothing unless it says partial; says of every flag what became of it, or is wrong with it',
    permission: 'toggle.write',
    params: environment,
    body: z.object({
      /** A flagd file. */
      file: z.record(z.string(), z.unknown()),
      application: importFlagdInput.shape.application,
      dryRun: importFlagdInput.shape.dryRun,
      partial: importFlagdInput.shape.partial,
      segments: importFlagdInput.shape.segments,
    }),
    output: shapes.importSchema,
    handle: async (ctx, { params, body: { file, ...body } }) =>
      render(await importFlagd(ctx, { ...body, ...params, json: JSON.stringify(file) })),
  }),
  route({
    method: 'GET',
    path: '/toggle-environments/{environment}/flagd',
    summary: 'An environment’s toggles as a flagd file, as written or as served',
    permission: 'read',
    params: environment,
    query: exportFlagdInput.pick({ form: true }),
    output: shapes.exportSchema,
    handle: (ctx, { params, query }) => exportFlagd(ctx, { ...query, ...params }),
  }),
  route({
    method: 'GET',
    path: '/toggle-client-keys',
    summary: 'Keys by which applications ask for toggles, without the keys themselves',
    permission: 'read',
    query: listClientKeysInput.pick({ environment: true }),
    output: z.object({ items: z.array(shapes.clientKeySchema) }),
    handle: async (ctx, { query }) => ({ items: await listClientKeys(ctx, { ...query, revoked: false }) }),
  }),
  route({
    method: 'POST',
    path: '/toggle-client-keys',
    summary: 'Make a key by which applications ask for toggles; it is shown this once',
    permission: 'integration.write',
    body: createClientKeyInput,
    output: shapes.madeClientKeySchema,
    status: 201,
    handle: (ctx, { body }) => createClientKey(ctx, body),
  }),
  route({
    method: 'DELETE',
    path: '/toggle-client-keys/{id}',
    summary: 'End a client key',
    permission: 'integration.write',
    params: revokeClientKeyInput,
    output: okSchema,
    handle: (ctx, { params }) => revokeClientKey(ctx, params),
  }),
  route({
    method: 'GET',
    path: '/toggle-segments',
    summary: 'Conditions with a name, and who uses them',
    permission: 'read',
    output: z.object({ items: z.array(shapes.segmentSchema) }),
    handle: async (ctx) => ({ items: await listSegments(ctx, {}) }),
  }),
  route({
    method: 'PUT',
    path: '/toggle-segments/{key}',
    summary: 'Add a segment or change it, for all toggles that use it at once',
    permission: 'toggle.write',
    params: removeSegmentInput,
    body: saveSegmentInput.omit({ key: true }),
    output: shapes.savedSegmentSchema,
    handle: (ctx, { params, body }) => saveSegment(ctx, { ...body, ...params }),
  }),
  route({
    method: 'DELETE',
    path: '/toggle-segments/{key}',
    summary: 'Take a segment away that nothing uses',
    permission: 'toggle.write',
    params: removeSegmentInput,
    output: okSchema,
    handle: (ctx, { params }) => removeSegment(ctx, params),
  }),
];
