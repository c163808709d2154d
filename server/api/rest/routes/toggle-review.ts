import { z } from 'zod';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import { okSchema } from '@/server/api/rest/schemas';
import * as shapes from '@/server/api/rest/toggle-schemas';
import { approveChangeRequest, decideChangeRequestInput } from '@/server/services/toggles/approve-request';
import { changeRequestInput, getChangeRequest } from '@/server/services/toggles/get-request';
import { listChangeRequests, listChangeRequestsInput } from '@/server/services/toggles/list-requests';
import { rejectChangeRequest } from '@/server/services/toggles/reject-request';
import { withdrawChangeRequest } from '@/server/services/toggles/withdraw-request';

/** In an address everything is text. */
const limit = z.coerce.number().pipe(listChangeRequestsInput.shape.limit.unwrap()).default(50);
const comment = decideChangeRequestInput.pick({ comment: true });

/** Changes of toggles that wait for another person. */
export const toggleReviewRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/toggle-requests',
    summary: 'Change requests of toggles, newest first',
    permission: 'read',
    query: listChangeRequestsInput.extend({ limit }),
    output: z.object({ items: z.array(shapes.requestSummarySchema) }),
    handle: async (ctx, { query }) => ({ items: await listChangeRequests(ctx, query) }),
  }),
  route({
    method: 'GET',
    path: '/toggle-requests/{id}',
    summary: 'A change request with what is there and what would be',
    permission: 'read',
    params: changeRequestInput,
    output: shapes.requestSchema,
    handle: async (ctx, { params }) => render(await getChangeRequest(ctx, params)),
  }),
  route({
    method: 'POST',
    path: '/toggle-requests/{id}/approve',
    summary: 'Apply what another person drafted',
    permission: 'toggle.review',
    params: changeRequestInput,
    body: comment,
    output: shapes.outcomeSchema,
    handle: async (ctx, { params, body }) => render(await approveChangeRequest(ctx, { ...body, ...params })),
  }),
  route({
    method: 'POST',
    path: '/toggle-requests/{id}/reject',
    summary: 'Turn a change request down',
    permission: 'toggle.review',
    params: changeRequestInput,
    body: comment,
    output: okSchema,
    handle: (ctx, { params, body }) => rejectChangeRequest(ctx, { ...body, ...params }),
  }),
  route({
    method: 'POST',
    path: '/toggle-requests/{id}/withdraw',
    summary: 'Take one’s own change request back',
    permission: 'toggle.write',
    params: changeRequestInput,
    body: comment,
    output: okSchema,
    handle: (ctx, { params, body }) => withdrawChangeRequest(ctx, { ...body, ...params }),
  }),
];
