import { z } from 'zod';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import type { EndpointView, NotificationView } from '@/server/domain/views/automation';
import { createEndpoint, createEndpointInput } from '@/server/services/notifications/create-endpoint';
import { listEndpoints } from '@/server/services/notifications/list-endpoints';
import { listMessages, listMessagesInput } from '@/server/services/notifications/list-messages';
import { redeliver, redeliverInput } from '@/server/services/notifications/redeliver';
import { removeEndpoint, removeEndpointInput } from '@/server/services/notifications/remove-endpoint';
import { rotateEndpoint, rotateEndpointInput } from '@/server/services/notifications/rotate-endpoint';
import { sendTest, sendTestInput } from '@/server/services/notifications/send-test';
import { setEndpointEnabled, setEndpointEnabledInput } from '@/server/services/notifications/set-enabled';

const none = z.object({});
const time = z.iso.datetime();
const limit = z.coerce.number().pipe(listMessagesInput.shape.limit.unwrap()).default(50);

const endpointSchema: z.ZodType<EndpointView> = z.object({
  name: z.string(),
  url: z.string(),
  format: z.string(),
  label: z.string(),
  rotating: z.boolean(),
  disabled: z.boolean(),
  disabledReason: z.string().nullable(),
  owed: z.number(),
  lastDeliveredAt: time.nullable(),
  createdAt: time,
  createdBy: z.string(),
});

const messageSchema: z.ZodType<NotificationView> = z.object({
  id: z.string(),
  endpoint: z.string(),
  type: z.string(),
  application: z.string().nullable(),
  executionId: z.string().nullable(),
  status: z.enum(['owed', 'delivered', 'givenUp']),
  attempts: z.number(),
  nextAt: time.nullable(),
  lastStatus: z.number().nullable(),
  lastError: z.string().nullable(),
  createdAt: time,
  deliveredAt: time.nullable(),
});

/** Who is told of executions, and what was said. */
export const notificationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/notification-endpoints',
    summary: 'Receivers of messages about executions, without their secrets',
    permission: 'read',
    output: z.object({ items: z.array(endpointSchema) }),
    handle: async (ctx) => ({ items: [...(await listEndpoints(ctx, {}))] }),
  }),
  route({
    method: 'POST',
    path: '/notification-endpoints',
    summary: 'Add a receiver; the secret that signs its messages is answered this once',
    permission: 'integration.write',
    body: createEndpointInput,
    output: z.object({ name: z.string(), secret: z.string() }),
    status: 201,
    handle: (ctx, { body }) => createEndpoint(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/notification-endpoints/{name}',
    summary: 'Turn a receiver off or on',
    permission: 'integration.write',
    params: setEndpointEnabledInput.pick({ name: true }),
    body: setEndpointEnabledInput.pick({ enabled: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) => setEndpointEnabled(ctx, { ...params, ...body }),
  }),
  route({
    method: 'POST',
    path: '/notification-endpoints/{name}/rotate',
    summary: 'Give a receiver a new secret; messages carry both signatures until the next change',
    permission: 'integration.write',
    params: rotateEndpointInput,
    body: none,
    output: z.object({ name: z.string(), secret: z.string() }),
    handle: (ctx, { params }) => rotateEndpoint(ctx, params),
  }),
  route({
    method: 'POST',
    path: '/notification-endpoints/{name}/test',
    summary: 'Send a receiver a message to try it',
    permission: 'integration.write',
    params: sendTestInput,
    body: none,
    output: z.object({ id: z.string() }),
    handle: (ctx, { params }) => sendTest(ctx, params),
  }),
  route({
    method: 'DELETE',
    path: '/notification-endpoints/{name}',
    summary: 'Remove a receiver and what it is still owed',
    permission: 'integration.write',
    params: removeEndpointInput,
    output: answers.okSchema,
    handle: (ctx, { params }) => removeEndpoint(ctx, params),
  }),
  route({
    method: 'GET',
    path: '/notifications',
    summary: 'Messages to receivers, newest first',
    permission: 'read',
    query: listMessagesInput.extend({ limit }),
    output: z.object({ items: z.array(messageSchema) }),
    handle: async (ctx, { query }) => ({ items: [...(await listMessages(ctx, query))] }),
  }),
  route({
    method: 'POST',
    path: '/notifications/{id}/redeliver',
    summary: 'Send a message again, under its id',
    permission: 'integration.write',
    params: redeliverInput,
    body: none,
    output: answers.okSchema,
    handle: (ctx, { params }) => redeliver(ctx, params),
  }),
];
