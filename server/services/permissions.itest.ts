import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { audit } from '@/db/schema';
import { AppError, isAppError } from '@/server/domain/errors';
import { type Permission, permissionsOf, ROLES } from '@/server/domain/roles';
import type { SecretBox } from '@/server/secrets/seal';
import { applyAccount } from '@/server/services/accounts/apply';
import { checkAccount } from '@/server/services/accounts/check';
import { getAccount } from '@/server/services/accounts/get';
import { listAccounts } from '@/server/services/accounts/list';
import { listOverlaps } from '@/server/services/accounts/overlaps';
import { removeAccount } from '@/server/services/accounts/remove';
import { listAccountTypes } from '@/server/services/accounts/types';
import { listAnalyses } from '@/server/services/analyses/list';
import { reportAnalysis } from '@/server/services/analyses/report';
import { startRetrospective, startRetrospectiveInput } from '@/server/services/analyses/start-retrospective';
import { applyApplication } from '@/server/services/applications/apply';
import { getApplication } from '@/server/services/applications/get';
import { listApplications } from '@/server/services/applications/list';
import { liftVeto } from '@/server/services/artifacts/lift-veto';
import { listArtifacts } from '@/server/services/artifacts/list';
import { publishArtifact } from '@/server/services/artifacts/publish';
import { uploadArtifact } from '@/server/services/artifacts/upload';
import { vetoArtifact } from '@/server/services/artifacts/veto';
import { listAudit } from '@/server/services/audit/list';
import { getBoard } from '@/server/services/board/get';
import { checkCanaryConfig } from '@/server/services/canary-configs/check';
import { exportCanaryConfig } from '@/server/services/canary-configs/export';
import { getCanaryConfig } from '@/server/services/canary-configs/get';
import { importKayenta } from '@/server/services/canary-configs/import-kayenta';
import { listCanaryConfigs } from '@/server/services/canary-configs/list';
import { previewCanaryConfig, previewCanaryConfigInput } from '@/server/services/canary-configs/preview';
import { removeCanaryConfig } from '@/server/services/canary-configs/remove';
import { saveCanaryConfig } from '@/server/services/canary-configs/save';
import { listScopes } from '@/server/services/canary-configs/scopes';
import { listMetricTemplates } from '@/server/services/canary-configs/templates';
import { listCatalogue } from '@/server/services/catalogue/list';
import { readInstanceLog } from '@/server/services/clusters/instance-log';
import { listClusters } from '@/server/services/clusters/list';
import { refreshCluster } from '@/server/services/clusters/refresh';
import type { ServiceContext } from '@/server/services/context';
import { readDeployObjections } from '@/server/services/deployments/objections';
import { previewDeployment } from '@/server/services/deployments/preview';
import { startDeployment } from '@/server/services/deployments/start';
import { streamEvents } from '@/server/services/events/stream';
import { cancelExecution } from '@/server/services/executions/cancel';
import { getExecution } from '@/server/services/executions/get';
import { getStage } from '@/server/services/executions/get-stage';
import { listExecutions } from '@/server/services/executions/list';
import { overrideStageWindow } from '@/server/services/executions/override-window';
import { pauseExecution } from '@/server/services/executions/pause';
import { rerunExecution } from '@/server/services/executions/rerun';
import { restartStage } from '@/server/services/executions/restart-stage';
import { resumeExecution } from '@/server/services/executions/resume';
import { skipStage } from '@/server/services/executions/skip-stage';
import { startExecution } from '@/server/services/executions/start';
import { getTrend } from '@/server/services/executions/trend';
import { listWaitingFor } from '@/server/services/executions/waiting';
import { decideJudgment } from '@/server/services/judgments/decide';
import { getEvidence } from '@/server/services/judgments/evidence';
import { listWaiting } from '@/server/services/judgments/list-waiting';
import { applyMetricsSource } from '@/server/services/metrics-sources/apply';
import { checkMetricsSource } from '@/server/services/metrics-sources/check';
import { listMetricsSources } from '@/server/services/metrics-sources/list';
import { removeMetricsSource } from '@/server/services/metrics-sources/remove';
import { listMetricsSourceTypes } from '@/server/services/metrics-sources/types';
import { createEndpoint } from '@/server/services/notifications/create-endpoint';
import { listEndpoints } from '@/server/services/notifications/list-endpoints';
import { listMessages } from '@/server/services/notifications/list-messages';
import { redeliver } from '@/server/services/notifications/redeliver';
import { removeEndpoint } from '@/server/services/notifications/remove-endpoint';
import { rotateEndpoint } from '@/server/services/notifications/rotate-endpoint';
import { sendTest } from '@/server/services/notifications/send-test';
import { setEndpointEnabled } from '@/server/services/notifications/set-enabled';
import { liftPin } from '@/server/services/pins/lift';
import { checkPipeline } from '@/server/services/pipelines/check';
import { exportPipeline } from '@/server/services/pipelines/export';
import { getPipeline } from '@/server/services/pipelines/get';
import { importPipeline } from '@/server/services/pipelines/import';
import { importForeignInput, importForeignPipeline } from '@/server/services/pipelines/import-foreign';
import { listPipelines } from '@/server/services/pipelines/list';
import { removePipeline } from '@/server/services/pipelines/remove';
import { listPipelineRevisions } from '@/server/services/pipelines/revisions';
import { previewRollback } from '@/server/services/rollbacks/preview';
import { previewEverywhere } from '@/server/services/rollbacks/preview-everywhere';
import { startRollback } from '@/server/services/rollbacks/start';
import { startEverywhere } from '@/server/services/rollbacks/start-everywhere';
import { type Call, toggleServices } from '@/server/services/testing/toggle-services';
import { catalogDefinition, testWorld } from '@/server/services/testing/world';
import { createToken } from '@/server/services/tokens/create';
import { listTokens } from '@/server/services/tokens/list';
import { revokeToken } from '@/server/services/tokens/revoke';
import { listTriggers } from '@/server/services/triggers/list';
import { setTriggerEnabled } from '@/server/services/triggers/set-enabled';
import { createUser } from '@/server/services/users/create';
import { findUserId } from '@/server/services/users/find';
import { listUsers } from '@/server/services/users/list';
import { resetPassword } from '@/server/services/users/reset-password';
import { setDisabled } from '@/server/services/users/set-disabled';
import { setRoles } from '@/server/services/users/set-roles';
import { createWebhookSource } from '@/server/services/webhooks/create-source';
import { listWebhookDeliveries } from '@/server/services/webhooks/list-deliveries';
import { listWebhookSources } from '@/server/services/webhooks/list-sources';
import { removeWebhookSource } from '@/server/services/webhooks/remove-source';
import { replayDelivery } from '@/server/services/webhooks/replay-delivery';
import { rotateWebhookSource } from '@/server/services/webhooks/rotate-source';

/** Stops a source from really being made after the permission was checked. */
const broken: SecretBox = {
  seal: () => {
    throw new AppError('internal', 'a test');
  },
  open: () => '',
};

/** Nothing is there under these names, so that what is allowed does nothing. */
const id = randomUUID();
const application = 'nothing';
const reason = 'a test';
const pipeline = { name: 'x', description: '', parameters: [], stages: [] };
const scopes = { baseline: { scope: 'a' }, canary: { scope: 'b' } };
const window = { startMs: 0, endMs: 60_000, stepMs: 60_000 };
const nothing = { kind: 'nothing', config: {}, secrets: {} };

const services: readonly (readonly [string, Permission, Call])[] = [
  [
    'accounts.apply',
    'user.admin',
    (ctx) => applyAccount(ctx, { name: 'x', provider: 'nothing', config: {} }),
  ],
  ['accounts.check', 'user.admin', (ctx) => checkAccount(ctx, { provider: 'nothing', config: {} })],
  ['accounts.get', 'user.admin', (ctx) => getAccount(ctx, { name: 'nothing' })],
  ['accounts.list', 'read', (ctx) => listAccounts(ctx, {})],
  ['accounts.overlaps', 'read', (ctx) => listOverlaps(ctx, {})],
  ['accounts.remove', 'user.admin', (ctx) => removeAccount(ctx, { name: 'nothing' })],
  ['accounts.types', 'read', (ctx) => listAccountTypes(ctx, {})],
  ['analyses.list', 'read', (ctx) => listAnalyses(ctx, { application, limit: 1 })],
  ['analyses.report', 'read', (ctx) => reportAnalysis(ctx, { id })],
  [
    'analyses.startRetrospective',
    'execution.start',
    (ctx) =>
      startRetrospective(
        ctx,
        startRetrospectiveInput.parse({ application, config: 'x', scopes, startMs: 0, endMs: 1 }),
      ),
  ],
  [
    'applications.apply',
    'application.write',
    (ctx) => applyApplication(ctx, { ...catalogDefinition('nothing'), pipelines: [] }),
  ],
  ['applications.get', 'read', (ctx) => getApplication(ctx, { application })],
  ['applications.list', 'read', (ctx) => listApplications(ctx, {})],
  ['artifacts.liftVeto', 'artifact.veto', (ctx) => liftVeto(ctx, { name: 'x', version: '1', reason })],
  ['artifacts.list', 'read', (ctx) => listArtifacts(ctx, {})],
  [
    'artifacts.publish',
    'artifact.publish',
    (ctx) =>
      publishArtifact(ctx, { name: 'catalog', version: '1.0.0', digest: 'sha256:other', metadata: {} }),
  ],
  [
    'artifacts.upload',
    'artifact.publish',
    (ctx) => uploadArtifact(ctx, { name: 'x', version: '1', metadata: {}, content: new Uint8Array() }),
  ],
  ['artifacts.veto', 'artifact.veto', (ctx) => vetoArtifact(ctx, { name: 'x', version: '1', reason })],
  ['audit.list', 'audit.read', (ctx) => listAudit(ctx, { limit: 1 })],
  ['board.get', 'read', (ctx) => getBoard(ctx, {})],
  ['canaryConfigs.check', 'read', (ctx) => checkCanaryConfig(ctx, { application, source: 'x', config: {} })],
  ['canaryConfigs.export', 'read', (ctx) => exportCanaryConfig(ctx, { application, name: 'x' })],
  ['canaryConfigs.get', 'read', (ctx) => getCanaryConfig(ctx, { application, name: 'x' })],
  ['canaryConfigs.importKayenta', 'pipeline.write', (ctx) => importKayenta(ctx, { application, json: '{}' })],
  ['canaryConfigs.list', 'read', (ctx) => listCanaryConfigs(ctx, { application })],
  [
    'canaryConfigs.preview',
    'pipeline.write',
    (ctx) =>
      previewCanaryConfig(
        ctx,
        previewCanaryConfigInput.parse({ application, source: 'x', config: {}, scopes, window }),
      ),
  ],
  ['canaryConfigs.remove', 'pipeline.write', (ctx) => removeCanaryConfig(ctx, { application, name: 'x' })],
  [
    'canaryConfigs.save',
    'pipeline.write',
    (ctx) => saveCanaryConfig(ctx, { application, name: 'x', source: 'x', config: {} }),
  ],
  ['canaryConfigs.scopes', 'read', (ctx) => listScopes(ctx, { application })],
  ['canaryConfigs.templates', 'read', (ctx) => listMetricTemplates(ctx, {})],
  ['catalogue.list', 'read', (ctx) => listCatalogue(ctx, {})],
  [
    'clusters.refresh',
    'read',
    (ctx) => refreshCluster(ctx, { application: 'x', cluster: 'x', account: 'x', region: 'x' }),
  ],
  ['clusters.instanceLog', 'read', (ctx) => readInstanceLog(ctx, { serverGroup: 'x', lines: 1 })],
  ['clusters.list', 'read', (ctx) => listClusters(ctx, { application })],
  [
    'deployments.objections',
    'read',
    (ctx) => readDeployObjections(ctx, { artifact: 'nothing', environment: 'prod', version: '1' }),
  ],
  [
    'deployments.preview',
    'read',
    (ctx) => previewDeployment(ctx, { artifact: 'nothing', environment: 'prod', version: '1' }),
  ],
  [
    'deployments.start',
    'execution.start',
    (ctx) => startDeployment(ctx, { artifact: 'x', environment: 'x', version: 'x' }),
  ],
  ['events.stream', 'read', firstOfStream],
  ['executions.cancel', 'execution.control', (ctx) => cancelExecution(ctx, { id })],
  ['executions.get', 'read', (ctx) => getExecution(ctx, { id })],
  ['executions.getStage', 'read', (ctx) => getStage(ctx, { executionId: id, refId: 'x' })],
  ['executions.list', 'read', (ctx) => listExecutions(ctx, { limit: 1 })],
  ['executions.pause', 'execution.control', (ctx) => pauseExecution(ctx, { id })],
  [
    'executions.overrideWindow',
    'window.override',
    (ctx) => overrideStageWindow(ctx, { executionId: id, refId: 'x', reason }),
  ],
  ['executions.rerun', 'execution.start', (ctx) => rerunExecution(ctx, { id, parameters: {} })],
  [
    'executions.restartStage',
    'execution.control',
    (ctx) => restartStage(ctx, { executionId: id, refId: 'x' }),
  ],
  ['executions.skipStage', 'stage.skip', (ctx) => skipStage(ctx, { executionId: id, refId: 'x' })],
  ['executions.waiting', 'read', (ctx) => listWaitingFor(ctx, { limit: 1 })],
  ['executions.resume', 'execution.control', (ctx) => resumeExecution(ctx, { id })],
  [
    'executions.start',
    'execution.start',
    (ctx) => startExecution(ctx, { application, pipeline: 'x', parameters: {}, artifacts: [] }),
  ],
  ['executions.trend', 'read', (ctx) => getTrend(ctx, { days: 1, timeZone: 'UTC' })],
  [
    'judgments.decide',
    'judgment.decide',
    (ctx) => decideJudgment(ctx, { executionId: id, refId: 'x', decision: 'continue' }),
  ],
  ['judgments.evidence', 'read', (ctx) => getEvidence(ctx, { executionId: id, refId: 'x' })],
  ['judgments.listWaiting', 'read', (ctx) => listWaiting(ctx, {})],
  ['metricsSources.save', 'integration.write', (ctx) => applyMetricsSource(ctx, { name: 'x', ...nothing })],
  ['metricsSources.check', 'integration.write', (ctx) => checkMetricsSource(ctx, nothing)],
  ['metricsSources.list', 'read', (ctx) => listMetricsSources(ctx, {})],
  ['metricsSources.remove', 'integration.write', (ctx) => removeMetricsSource(ctx, { name: 'x' })],
  ['metricsSources.types', 'read', (ctx) => listMetricsSourceTypes(ctx, {})],
  ['pins.lift', 'cluster.operate', (ctx) => liftPin(ctx, { application, cluster: 'x', reason })],
  ['pipelines.check', 'read', (ctx) => checkPipeline(ctx, { application, definition: pipeline })],
  ['pipelines.get', 'read', (ctx) => getPipeline(ctx, { application, name: 'x' })],
  ['pipelines.remove', 'pipeline.write', (ctx) => removePipeline(ctx, { application, name: 'x' })],
  ['pipelines.import', 'pipeline.write', (ctx) => importPipeline(ctx, { application, definition: pipeline })],
  ['pipelines.export', 'read', (ctx) => exportPipeline(ctx, { application, name: 'x' })],
  [
    'pipelines.importForeign',
    'pipeline.write',
    (ctx) => importForeignPipeline(ctx, importForeignInput.parse({ application, document: {} })),
  ],
  ['pipelines.list', 'read', (ctx) => listPipelines(ctx, { application })],
  ['pipelines.revisions', 'read', (ctx) => listPipelineRevisions(ctx, { application, name: 'x' })],
  [
    'notifications.createEndpoint',
    'integration.write',
    (ctx) =>
      createEndpoint(
        { ...ctx, secrets: broken },
        { name: 'x', url: 'https://x.example', format: 'standard' },
      ),
  ],
  ['notifications.listEndpoints', 'read', (ctx) => listEndpoints(ctx, {})],
  ['notifications.listMessages', 'read', (ctx) => listMessages(ctx, { limit: 1 })],
  ['notifications.redeliver', 'integration.write', (ctx) => redeliver(ctx, { id })],
  ['notifications.removeEndpoint', 'integration.write', (ctx) => removeEndpoint(ctx, { name: 'x' })],
  ['notifications.rotateEndpoint', 'integration.write', (ctx) => rotateEndpoint(ctx, { name: 'x' })],
  ['notifications.sendTest', 'integration.write', (ctx) => sendTest(ctx, { name: 'x' })],
  [
    'notifications.setEnabled',
    'integration.write',
    (ctx) => setEndpointEnabled(ctx, { name: 'x', enabled: true }),
  ],
  ['rollbacks.preview', 'read', (ctx) => previewRollback(ctx, { application, cluster: 'x' })],
  ['rollbacks.previewEverywhere', 'read', (ctx) => previewEverywhere(ctx, { application })],
  [
    'rollbacks.startEverywhere',
    'cluster.rollback',
    (ctx) => startEverywhere(ctx, { target: { application }, reason }),
  ],
  ['rollbacks.start', 'cluster.rollback', (ctx) => startRollback(ctx, { application, cluster: 'x', reason })],
  ...toggleServices,
  [
    'tokens.create',
    'token.own',
    (ctx) => createToken({ ...ctx, actor: withoutUser(ctx) }, { name: 'x', scopes: ['read'] }),
  ],
  ['tokens.list', 'token.own', (ctx) => listTokens(ctx, {})],
  ['tokens.revoke', 'token.own', (ctx) => revokeToken(ctx, { id })],
  ['triggers.list', 'read', (ctx) => listTriggers(ctx, {})],
  [
    'triggers.setEnabled',
    'pipeline.write',
    (ctx) => setTriggerEnabled(ctx, { application, pipeline: 'x', key: 'x', enabled: true }),
  ],
  [
    'webhooks.createSource',
    'integration.write',
    (ctx) => createWebhookSource({ ...ctx, secrets: broken }, { name: 'x', kind: 'github' }),
  ],
  ['webhooks.listDeliveries', 'read', (ctx) => listWebhookDeliveries(ctx, { limit: 1 })],
  ['webhooks.listSources', 'read', (ctx) => listWebhookSources(ctx, {})],
  ['webhooks.removeSource', 'integration.write', (ctx) => removeWebhookSource(ctx, { name: 'x' })],
  ['webhooks.replayDelivery', 'integration.write', (ctx) => replayDelivery(ctx, { id: '1' })],
  ['webhooks.rotateSource', 'integration.write', (ctx) => rotateWebhookSource(ctx, { name: 'x' })],
  [
    'users.create',
    'user.admin',
    (ctx) => createUser(ctx, { username: 'taken', displayName: 'x', roles: ['admin'] }),
  ],
  ['users.find', 'user.admin', (ctx) => findUserId(ctx, 'nothing')],
  ['users.list', 'user.admin', (ctx) => listUsers(ctx, {})],
  ['users.resetPassword', 'user.admin', (ctx) => resetPassword(ctx, { userId: id })],
  ['users.setDisabled', 'user.admin', (ctx) => setDisabled(ctx, { userId: id, disabled: true })],
  ['users.setRoles', 'user.admin', (ctx) => setRoles(ctx, { userId: id, roles: [] })],
];

async function firstOfStream(ctx: ServiceContext): Promise<void> {
  const stream = streamEvents(ctx, { after: null, signal: undefined });
  await stream.next();
  await stream.return(undefined);
}

/** Stops a token from really being made after the permission was checked. */
function withoutUser({ actor }: ServiceContext) {
  return actor && { ...actor, userId: null };
}

const world = await testWorld();
await createUser(await world.as('admin'), {
  username: 'taken',
  displayName: 'x',
  roles: ['admin'],
  password: 'x'.repeat(10),
});

/** The permission that was missing; `signed out`; or null when the call got past the check. */
async function refusal(call: Call, ctx: ServiceContext): Promise<string | null> {
  try {
    await call(ctx);
    return null;
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === 'unauthenticated') return 'signed out';
    return typeof error.details?.permission === 'string' ? error.details.permission : null;
  }
}

describe.each(services)('%s', (_name, permission, call) => {
  it(`needs ${permission}`, async () => {
    expect(await refusal(call, world.nobody)).toBe('signed out');
    for (const role of ROLES) {
      const ctx = await world.as(role);
      const expected = permissionsOf([role]).has(permission) ? null : permission;
      expect({ role, refused: await refusal(call, ctx) }).toEqual({ role, refused: expected });
    }
  });
});

it('leaves nothing in the audit trail for what was refused', async () => {
  const before = await world.db.select().from(audit);
  const ctx = await world.as('productOwner');
  for (const [, permission, call] of services) {
    if (!permissionsOf(['productOwner']).has(permission)) await refusal(call, ctx);
  }
  expect(await world.db.select().from(audit)).toHaveLength(before.length);
});

it('counts every file of a service, so that a new one cannot be forgotten here', async () => {
  const verbs = (await readdir('server/services', { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  const checked: string[] = [];
  for (const file of verbs) {
    if (/(\.i?test|\/testing\/|context)/.test(file)) continue;
    if ((await readFile(`server/services/${file}`, 'utf8')).includes('requirePermission(ctx'))
      checked.push(file);
  }
  // control.ts checks for cancel, pause and resume.
  expect(checked.length + 2).toBe(services.length);
});
