import { z } from 'zod';
import * as answers from '@/server/api/rest/platform-schemas';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import { okSchema } from '@/server/api/rest/schemas';
import { checkAccount, checkAccountInput } from '@/server/services/accounts/check';
import { getAccount, getAccountInput } from '@/server/services/accounts/get';
import { removeAccount } from '@/server/services/accounts/remove';
import { instanceLogInput, readInstanceLog } from '@/server/services/clusters/instance-log';
import { refreshCluster, refreshClusterInput } from '@/server/services/clusters/refresh';
import { previewDeployment, previewDeploymentInput } from '@/server/services/deployments/preview';

/** In an address everything is text. */
const lines = z.coerce.number().pipe(instanceLogInput.shape.lines.unwrap()).default(200);

/** What is asked of a platform itself, and the accounts through which it is. */
export const platformRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/accounts/{name}',
    summary: 'An account with its settings, which say where credentials are and hold none',
    permission: 'user.admin',
    params: getAccountInput,
    output: answers.accountSettingsSchema,
    handle: (ctx, { params }) => getAccount(ctx, params),
  }),
  route({
    method: 'DELETE',
    path: '/accounts/{name}',
    summary: 'Forget an account that nothing uses; on its platform nothing changes',
    permission: 'user.admin',
    params: getAccountInput,
    output: okSchema,
    handle: (ctx, { params }) => removeAccount(ctx, params),
  }),
  route({
    method: 'POST',
    path: '/accounts/{name}/check',
    summary:
      'Whether the platform lets us in and what is missing; with provider and config before they are kept',
    permission: 'user.admin',
    params: getAccountInput,
    body: checkAccountInput.omit({ name: true }),
    output: answers.accountCheckSchema,
    handle: (ctx, { params, body }) => checkAccount(ctx, { ...body, ...params }),
  }),
  route({
    method: 'GET',
    path: '/server-groups/{serverGroup}/log',
    summary: 'The last lines that an instance wrote: one that is named, or one that is not well',
    permission: 'read',
    params: instanceLogInput.pick({ serverGroup: true }),
    query: instanceLogInput.omit({ serverGroup: true }).extend({ lines }),
    output: answers.instanceLogSchema,
    handle: (ctx, { params, query }) => readInstanceLog(ctx, { ...query, ...params }),
  }),
  route({
    method: 'POST',
    path: '/applications/{application}/clusters/{cluster}/refresh',
    summary:
      'Have a worker look at a cluster now, where its platform is only swept over; answers when it has',
    permission: 'read',
    params: refreshClusterInput.pick({ application: true, cluster: true }),
    body: refreshClusterInput.omit({ application: true, cluster: true }),
    output: answers.clusterRefreshedSchema,
    handle: (ctx, { params, body }) => refreshCluster(ctx, { ...body, ...params }),
  }),
  route({
    method: 'POST',
    path: '/deployments/preview',
    summary: 'What a deploy would write in each region; changes nothing',
    permission: 'read',
    body: previewDeploymentInput,
    output: answers.deploymentPreviewSchema,
    handle: async (ctx, { body }) => render(await previewDeployment(ctx, body)),
  }),
];
