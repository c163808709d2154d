import { z } from 'zod';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import type { TriggerView, WebhookDeliveryView, WebhookSourceView } from '@/server/domain/views/automation';
import { listTriggers, listTriggersInput } from '@/server/services/triggers/list';
import { setTriggerEnabled, setTriggerEnabledInput } from '@/server/services/triggers/set-enabled';
import { createWebhookSource, createWebhookSourceInput } from '@/server/services/webhooks/create-source';
import {
  listWebhookDeliveries,
  listWebhookDeliveriesInput,
} from '@/server/services/webhooks/list-deliveries';
import { listWebhookSources } from '@/server/services/webhooks/list-sources';
import { removeWebhookSource, removeWebhookSourceInput } from '@/server/services/webhooks/remove-source';
import { replayDelivery, replayDeliveryInput } from '@/server/services/webhooks/replay-delivery';
import { rotateWebhookSource, rotateWebhookSourceInput } from '@/server/services/webhooks/rotate-source';

const none = z.object({});
const time = z.iso.datetime();
const limit = z.coerce.number().pipe(listWebhookDeliveriesInput.shape.limit.unwrap()).default(50);

const triggerSchema: z.ZodType<TriggerView> = z.object({
  id: z.string(),
  application: z.string(),
  pipeline: z.string(),
  key: z.string(),
  type: z.string(),
  label: z.string(),
  enabled: z.boolean(),
  config: z.record(z.string(), z.unknown()),
  nextAt: time.nullable(),
  firedAt: time.nullable(),
  error: z.string().nullable(),
  errorAt: time.nullable(),
});

const sourceSchema: z.ZodType<WebhookSourceView> = z.object({
  name: z.string(),
  kind: z.string(),
  label: z.string(),
  path: z.string(),
  rotating: z.boolean(),
  createdAt: time,
  createdBy: z.string(),
  lastDeliveryAt: time.nullable(),
});

const deliverySchema: z.ZodType<WebhookDeliveryView> = z.object({
  id: z.string(),
  source: z.string(),
  deliveryId: z.string(),
  event: z.string(),
  receivedAt: time,
  outcome: z.string().nullable(),
  started: z.array(z.string()),
});

/** What starts pipelines by itself. */
export const automationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/triggers',
    summary: 'Triggers of pipelines: when they fire next, when they did last, what went wrong',
    permission: 'read',
    query: listTriggersInput,
    output: z.object({ items: z.array(triggerSchema) }),
    handle: async (ctx, { query }) => ({ items: [...(await listTriggers(ctx, query))] }),
  }),
  route({
    method: 'POST',
    path: '/applications/{application}/pipelines/{pipeline}/triggers/{key}',
    summary: 'Turn a trigger off or on',
    permission: 'pipeline.write',
    params: setTriggerEnabledInput.omit({ enabled: true }),
    body: setTriggerEnabledInput.pick({ enabled: true }),
    output: z.object({ revision: z.number() }),
    handle: (ctx, { params, body }) => setTriggerEnabled(ctx, { ...params, ...body }),
  }),
  route({
    method: 'GET',
    path: '/webhooks',
    summary: 'Doors for events from outside, without their secrets',
    permission: 'read',
    output: z.object({ items: z.array(sourceSchema) }),
    handle: async (ctx) => ({ items: [...(await listWebhookSources(ctx, {}))] }),
  }),
  route({
    method: 'POST',
    path: '/webhooks',
    summary: 'Open a door for events; its secret is answered this once',
    permission: 'integration.write',
    body: createWebhookSourceInput,
    output: z.object({ name: z.string(), path: z.string(), secret: z.string() }),
    status: 201,
    handle: (ctx, { body }) => createWebhookSource(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/webhooks/{name}/rotate',
    summary: 'Give a door a new secret; the one before stays valid until the next change',
    permission: 'integration.write',
    params: rotateWebhookSourceInput,
    body: none,
    output: z.object({ name: z.string(), secret: z.string() }),
    handle: (ctx, { params }) => rotateWebhookSource(ctx, params),
  }),
  route({
    method: 'DELETE',
    path: '/webhooks/{name}',
    summary: 'Close a door for events',
    permission: 'integration.write',
    params: removeWebhookSourceInput,
    output: answers.okSchema,
    handle: (ctx, { params }) => removeWebhookSource(ctx, params),
  }),
  route({
    method: 'GET',
    path: '/webhook-deliveries',
    summary: 'What came in and what it started, newest first',
    permission: 'read',
    query: listWebhookDeliveriesInput.extend({ limit }),
    output: z.object({ items: z.array(deliverySchema) }),
    handle: async (ctx, { query }) => ({ items: [...(await listWebhookDeliveries(ctx, query))] }),
  }),
  route({
    method: 'POST',
    path: '/webhook-deliveries/{id}/replay',
    summary: 'Show a delivery to the triggers again',
    permission: 'integration.write',
    params: replayDeliveryInput,
    body: none,
    output: answers.okSchema,
    handle: (ctx, { params }) => replayDelivery(ctx, params),
  }),
];
