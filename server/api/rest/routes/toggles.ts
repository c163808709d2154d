import { z } from 'zod';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import { toggleEnvironmentRoutes } from '@/server/api/rest/routes/toggle-environments';
import { toggleGoalRoutes } from '@/server/api/rest/routes/toggle-goals';
import { toggleReviewRoutes } from '@/server/api/rest/routes/toggle-review';
import { startedSchema } from '@/server/api/rest/schemas';
import * as shapes from '@/server/api/rest/toggle-schemas';
import { archiveToggle, archiveToggleInput } from '@/server/services/toggles/archive';
import { countToggle, toggleCountsInput } from '@/server/services/toggles/counts';
import { createToggle, createToggleInput } from '@/server/services/toggles/create';
import { getToggle, getToggleInput } from '@/server/services/toggles/get';
import { toggleHistory, toggleHistoryInput } from '@/server/services/toggles/history';
import { killInput, killToggle } from '@/server/services/toggles/kill';
import { listToggles, listTogglesInput } from '@/server/services/toggles/list';
import { previewToggle, previewToggleInput } from '@/server/services/toggles/preview';
import { rampToggle, rampToggleInput } from '@/server/services/toggles/ramp';
import { restoreToggle } from '@/server/services/toggles/restore';
import { setDefinitionInput, setToggleDefinition } from '@/server/services/toggles/set-definition';
import { setOnInput, setToggleOn } from '@/server/services/toggles/set-on';
import { stopRamp, stopRampInput } from '@/server/services/toggles/stop-ramp';
import { undoChange, undoChangeInput } from '@/server/services/toggles/undo';
import { updateDetailsInput, updateToggleDetails } from '@/server/services/toggles/update-details';

const key = getToggleInput;
const place = setOnInput.pick({ key: true, environment: true });
/** In an address everything is text. */
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();
const limit = z.coerce.number().pipe(toggleHistoryInput.shape.limit.unwrap()).default(50);

const reads: readonly Route[] = [
  route({
    method: 'GET',
    path: '/toggles',
    summary: 'Toggles with what each serves in every environment',
    permission: 'read',
    query: listTogglesInput.extend({ stale: flag, archived: flag }),
    output: z.object({ items: z.array(shapes.toggleSummarySchema) }),
    handle: async (ctx, { query }) => ({ items: [...render(await listToggles(ctx, query))] }),
  }),
  route({
    method: 'GET',
    path: '/toggles/{key}',
    summary: 'Everything about a toggle, with its newest changes',
    permission: 'read',
    params: key,
    output: shapes.toggleSchema,
    handle: async (ctx, { params }) => render(await getToggle(ctx, params)),
  }),
  route({
    method: 'GET',
    path: '/toggles/{key}/history',
    summary: 'Every change of a toggle, newest first',
    permission: 'read',
    params: key,
    query: toggleHistoryInput.omit({ key: true }).extend({ limit }),
    output: shapes.historySchema,
    handle: async (ctx, { params, query }) => render(await toggleHistory(ctx, { ...params, ...query })),
  }),
  route({
    method: 'GET',
    path: '/toggles/{key}/environments/{environment}/counts',
    summary: 'How often each variant was served, by hour',
    permission: 'read',
    params: place,
    query: toggleCountsInput.pick({ from: true, to: true }),
    output: shapes.countsSchema,
    handle: (ctx, { params, query }) => countToggle(ctx, { ...params, ...query }),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/environments/{environment}/preview',
    summary: 'What somebody would get of a toggle and why; of the one that stands, or of a draft',
    permission: 'read',
    params: place,
    body: previewToggleInput.omit({ key: true, environment: true }),
    output: shapes.previewSchema,
    handle: async (ctx, { params, body }) => render(await previewToggle(ctx, { ...params, ...body })),
  }),
];

const writes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/toggles',
    summary: 'Add a toggle, switched off in every environment',
    permission: 'toggle.write',
    body: createToggleInput,
    output: shapes.createdSchema,
    status: 201,
    handle: (ctx, { body }) => createToggle(ctx, body),
  }),
  route({
    method: 'PUT',
    path: '/toggles/{key}',
    summary: 'Change what a toggle is called, whose it is, when it expires or what it can serve',
    permission: 'toggle.write',
    params: key,
    body: updateDetailsInput.omit({ key: true }),
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await updateToggleDetails(ctx, { ...body, ...params })),
  }),
  route({
    method: 'PUT',
    path: '/toggles/{key}/environments/{environment}',
    summary: 'Say how a toggle stands in an environment; becomes a change request where review is demanded',
    permission: 'toggle.write',
    params: place,
    body: setDefinitionInput.omit({ key: true, environment: true }),
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await setToggleDefinition(ctx, { ...body, ...params })),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/environments/{environment}/switch',
    summary: 'Switch a toggle on or off in an environment',
    permission: 'toggle.write',
    params: place,
    body: setOnInput.omit({ key: true, environment: true }),
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await setToggleOn(ctx, { ...body, ...params })),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/kill',
    summary: 'Switch a toggle off at once, everywhere or in one environment, review or not',
    permission: 'toggle.write',
    params: key,
    body: killInput.omit({ key: true }),
    output: shapes.killedSchema,
    handle: (ctx, { params, body }) => killToggle(ctx, { ...body, ...params }),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/environments/{environment}/ramp',
    summary: 'Give a variant to more and more people, step by step',
    permission: 'toggle.write',
    params: place,
    body: rampToggleInput.omit({ key: true, environment: true }),
    output: startedSchema,
    status: 201,
    handle: (ctx, { params, body }) => rampToggle(ctx, { ...body, ...params }),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/environments/{environment}/ramp/stop',
    summary: 'End a ramp at once; the toggle is put back as it stood before',
    permission: 'toggle.write',
    params: place,
    body: stopRampInput.omit({ key: true, environment: true }),
    output: startedSchema,
    handle: (ctx, { params, body }) => stopRamp(ctx, { ...body, ...params }),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/archive',
    summary: 'Serve a toggle nowhere any more; its history stays',
    permission: 'toggle.write',
    params: key,
    body: archiveToggleInput.omit({ key: true }),
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await archiveToggle(ctx, { ...body, ...params })),
  }),
  route({
    method: 'POST',
    path: '/toggles/{key}/restore',
    summary: 'Serve an archived toggle again, as it stood',
    permission: 'toggle.write',
    params: key,
    body: archiveToggleInput.omit({ key: true }),
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await restoreToggle(ctx, { ...body, ...params })),
  }),
  route({
    method: 'POST',
    path: '/toggle-changes/{changeId}/undo',
    summary: 'Take the newest change of a place back',
    permission: 'toggle.write',
    params: undoChangeInput.pick({ changeId: true }),
    body: undoChangeInput.pick({ reason: true }),
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await undoChange(ctx, { ...body, ...params })),
  }),
];

export const toggleRoutes: readonly Route[] = [
  ...reads,
  ...writes,
  ...toggleGoalRoutes,
  ...toggleReviewRoutes,
  ...toggleEnvironmentRoutes,
];
