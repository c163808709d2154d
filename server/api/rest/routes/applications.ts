import { z } from 'zod';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import { AppError } from '@/server/domain/errors';
import { applicationDefinitionSchema, pipelineDefinitionSchema } from '@/server/domain/pipeline';
import { applyApplication } from '@/server/services/applications/apply';
import { getApplication } from '@/server/services/applications/get';
import { listApplications } from '@/server/services/applications/list';
import { listClusters } from '@/server/services/clusters/list';
import { startExecution, startExecutionInput } from '@/server/services/executions/start';
import { liftPin, liftPinInput } from '@/server/services/pins/lift';
import { exportPipeline } from '@/server/services/pipelines/export';
import { getPipeline } from '@/server/services/pipelines/get';
import { importPipeline } from '@/server/services/pipelines/import';
import { importForeignInput, importForeignPipeline } from '@/server/services/pipelines/import-foreign';
import { listPipelines } from '@/server/services/pipelines/list';
import { removePipeline } from '@/server/services/pipelines/remove';
import { previewRollback } from '@/server/services/rollbacks/preview';
import { startRollback, startRollbackInput } from '@/server/services/rollbacks/start';

const app = z.object({ app: z.string() });
const named = z.object({ app: z.string(), name: z.string() });
const cluster = z.object({ app: z.string(), cluster: z.string() });

/** Applications, their clusters and pipelines. */
export const applicationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/applications',
    summary: 'Every application with its counts; with seenOnly those that only a platform knows',
    permission: 'read',
    output: z.object({ items: z.array(answers.applicationSummarySchema) }),
    handle: async (ctx) => ({ items: await listApplications(ctx, { seen: true }) }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}',
    summary: 'An application with its environments',
    permission: 'read',
    params: app,
    output: answers.applicationSchema,
    handle: (ctx, { params }) => getApplication(ctx, { application: params.app }),
  }),
  route({
    method: 'PUT',
    path: '/applications/{app}',
    summary:
      'Make an application what its definition says; environments and pipelines it does not name are removed',
    permission: 'application.write',
    params: app,
    body: applicationDefinitionSchema,
    output: answers.appliedSchema,
    handle: async (ctx, { params, body }) => {
      if (body.name !== params.app) {
        throw new AppError(
          'bad_request',
          `name: the definition is of "${body.name}", the address of "${params.app}".`,
        );
      }
      return applyApplication(ctx, body);
    },
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/clusters',
    summary: 'Clusters with server groups, instances and traffic, as last seen',
    permission: 'read',
    params: app,
    output: answers.clustersSchema,
    handle: (ctx, { params }) => listClusters(ctx, { application: params.app }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/clusters/{cluster}/rollback',
    summary: 'What a rollback would do, and how long it would take',
    permission: 'read',
    params: cluster,
    query: startRollbackInput.pick({ account: true }),
    output: answers.rollbackPreviewSchema,
    handle: async (ctx, { params, query }) =>
      render(await previewRollback(ctx, { ...query, application: params.app, cluster: params.cluster })),
  }),
  route({
    method: 'POST',
    path: '/applications/{app}/clusters/{cluster}/rollback',
    summary: 'Roll a cluster back, pin the good version and veto the bad artifact',
    permission: 'cluster.rollback',
    params: cluster,
    body: startRollbackInput.pick({ reason: true, account: true }),
    output: answers.startedSchema,
    status: 201,
    handle: (ctx, { params, body, idempotencyKey }) =>
      startRollback(ctx, { ...body, application: params.app, cluster: params.cluster, idempotencyKey }),
  }),
  route({
    method: 'DELETE',
    path: '/applications/{app}/clusters/{cluster}/pin',
    summary: 'Free a pinned cluster',
    permission: 'cluster.operate',
    params: cluster,
    body: liftPinInput.pick({ reason: true, account: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) =>
      liftPin(ctx, { ...body, application: params.app, cluster: params.cluster }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/pipelines',
    summary: 'Pipelines with their latest executions',
    permission: 'read',
    params: app,
    output: z.object({ items: z.array(answers.pipelineSchema) }),
    handle: async (ctx, { params }) => ({ items: await listPipelines(ctx, { application: params.app }) }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/pipelines/{name}',
    summary: 'A pipeline with its latest executions',
    permission: 'read',
    params: named,
    output: answers.pipelineSchema,
    handle: (ctx, { params }) => getPipeline(ctx, { application: params.app, name: params.name }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/pipelines/{name}/definition',
    summary: 'A pipeline as code; putting it back changes nothing',
    permission: 'read',
    params: named,
    output: pipelineDefinitionSchema,
    handle: (ctx, { params }) => exportPipeline(ctx, { application: params.app, name: params.name }),
  }),
  route({
    method: 'POST',
    path: '/applications/{app}/pipelines/import',
    summary:
      'Bring in a pipeline of Spinnaker, with a report of every part of it; only tried unless dryRun is false',
    permission: 'pipeline.write',
    params: app,
    body: importForeignInput.omit({ application: true }),
    output: answers.foreignImportSchema,
    handle: (ctx, { params, body }) => importForeignPipeline(ctx, { ...body, application: params.app }),
  }),
  route({
    method: 'PUT',
    path: '/applications/{app}/pipelines/{name}',
    summary: 'Add a pipeline or replace it',
    permission: 'pipeline.write',
    params: named,
    body: pipelineDefinitionSchema,
    output: answers.importedSchema,
    handle: async (ctx, { params, body }) => {
      if (body.name !== params.name) {
        throw new AppError(
          'bad_request',
          `name: the definition is of "${body.name}", the address of "${params.name}".`,
        );
      }
      return importPipeline(ctx, { application: params.app, definition: body });
    },
  }),
  route({
    method: 'DELETE',
    path: '/applications/{app}/pipelines/{name}',
    summary: 'Take a pipeline away; its executions stay to be read',
    permission: 'pipeline.write',
    params: named,
    output: answers.okSchema,
    handle: (ctx, { params }) => removePipeline(ctx, { application: params.app, name: params.name }),
  }),
  route({
    method: 'POST',
    path: '/applications/{app}/pipelines/{name}/executions',
    summary: 'Start a pipeline',
    permission: 'execution.start',
    params: named,
    body: startExecutionInput.pick({ parameters: true, artifacts: true }),
    output: answers.startedSchema,
    status: 201,
    handle: (ctx, { params, body, idempotencyKey }) =>
      startExecution(ctx, { ...body, application: params.app, pipeline: params.name, idempotencyKey }),
  }),
];
