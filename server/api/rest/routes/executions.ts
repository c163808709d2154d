import { z } from 'zod';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import { listAuditInput } from '@/server/services/audit/list';
import { startDeployment, startDeploymentInput } from '@/server/services/deployments/start';
import { cancelExecution, cancelExecutionInput } from '@/server/services/executions/cancel';
import { getExecution } from '@/server/services/executions/get';
import { getStage } from '@/server/services/executions/get-stage';
import { listExecutions, listExecutionsInput } from '@/server/services/executions/list';
import { overrideStageWindow, overrideStageWindowInput } from '@/server/services/executions/override-window';
import { pauseExecution } from '@/server/services/executions/pause';
import { rerunExecution, rerunExecutionInput } from '@/server/services/executions/rerun';
import { restartStage, restartStageInput } from '@/server/services/executions/restart-stage';
import { resumeExecution } from '@/server/services/executions/resume';
import { skipStage, skipStageInput } from '@/server/services/executions/skip-stage';
import { listWaitingFor, listWaitingForInput } from '@/server/services/executions/waiting';
import { decideJudgment, decideJudgmentInput } from '@/server/services/judgments/decide';
import { getEvidence } from '@/server/services/judgments/evidence';

const none = z.object({});
const byId = z.object({ id: z.uuid('must be the id of an execution') });
const stage = byId.extend({ refId: z.string() });
/** In an address everything is text. */
const limit = z.coerce.number().pipe(listAuditInput.shape.limit.unwrap()).default(50);
const waitingLimit = z.coerce.number().pipe(listWaitingForInput.shape.limit.unwrap()).default(200);
const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Executions and their gates. */
export const executionRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/deployments',
    summary: 'Deploy a version of an artifact to an environment, through its pipeline',
    permission: 'execution.start',
    body: startDeploymentInput.omit({ idempotencyKey: true }),
    output: answers.startedSchema,
    status: 201,
    handle: (ctx, { body, idempotencyKey }) => startDeployment(ctx, { ...body, idempotencyKey }),
  }),
  route({
    method: 'GET',
    path: '/executions',
    summary: 'Executions, newest first',
    permission: 'read',
    query: listExecutionsInput.extend({ limit, open: yesOrNo.optional() }),
    output: answers.executionPageSchema,
    handle: (ctx, { query }) => listExecutions(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/executions/{id}',
    summary: 'An execution with its stages, what it does now and what it waits for',
    permission: 'read',
    params: byId,
    output: answers.executionSchema,
    handle: async (ctx, { params }) => render(await getExecution(ctx, params)),
  }),
  route({
    method: 'GET',
    path: '/executions/{id}/stages/{refId}',
    summary: 'A stage with its configuration, log and outputs',
    permission: 'read',
    params: stage,
    output: answers.stageDetailsSchema,
    handle: async (ctx, { params }) =>
      render(await getStage(ctx, { executionId: params.id, refId: params.refId })),
  }),
  route({
    method: 'GET',
    path: '/executions/{id}/stages/{refId}/evidence',
    summary: 'What a person needs to judge a gate',
    permission: 'read',
    params: stage,
    output: answers.evidenceSchema,
    handle: async (ctx, { params }) =>
      render(await getEvidence(ctx, { executionId: params.id, refId: params.refId })),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/stages/{refId}/judgment',
    // Which permission it takes depends on what the gate holds back, so the service asks for it.
    summary: 'Judge a gate, once; needs judgment.decide, or toggle.review or toggle.write for a ramp',
    permission: 'read',
    params: stage,
    body: decideJudgmentInput.omit({ executionId: true, refId: true }),
    output: answers.judgmentSchema,
    handle: (ctx, { params, body }) =>
      decideJudgment(ctx, { ...body, executionId: params.id, refId: params.refId }),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/stages/{refId}/restart',
    summary: 'Do a stage and everything behind it again; the earlier try stays as history',
    permission: 'execution.control',
    params: stage,
    body: restartStageInput.omit({ executionId: true, refId: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) =>
      restartStage(ctx, { ...body, executionId: params.id, refId: params.refId }),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/stages/{refId}/skip',
    summary: 'Skip a stage that has not started, or end the wait of one that may be cut short',
    permission: 'stage.skip',
    params: stage,
    body: skipStageInput.omit({ executionId: true, refId: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) =>
      skipStage(ctx, { ...body, executionId: params.id, refId: params.refId }),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/stages/{refId}/override-window',
    summary: 'Let a stage start although its time window is closed',
    permission: 'window.override',
    params: stage,
    body: overrideStageWindowInput.omit({ executionId: true, refId: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) =>
      overrideStageWindow(ctx, { ...body, executionId: params.id, refId: params.refId }),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/rerun',
    summary: 'Start the pipeline again with the same or changed values',
    permission: 'execution.start',
    params: byId,
    body: rerunExecutionInput.omit({ id: true, idempotencyKey: true }),
    output: answers.startedSchema,
    status: 201,
    handle: (ctx, { params, body, idempotencyKey }) =>
      rerunExecution(ctx, { ...body, id: params.id, idempotencyKey }),
  }),
  route({
    method: 'GET',
    path: '/waiting',
    summary: 'Everything that does not move now, and why; longest first',
    permission: 'read',
    query: listWaitingForInput.extend({ limit: waitingLimit }),
    output: answers.waitingListSchema,
    handle: async (ctx, { query }) => render({ items: await listWaitingFor(ctx, query) }),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/cancel',
    summary: 'Withdraw an execution',
    permission: 'execution.control',
    params: byId,
    body: cancelExecutionInput.omit({ id: true }),
    output: answers.okSchema,
    handle: (ctx, { params, body }) => cancelExecution(ctx, { ...body, id: params.id }),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/pause',
    summary: 'Hold an execution until it is resumed',
    permission: 'execution.control',
    params: byId,
    body: none,
    output: answers.okSchema,
    handle: (ctx, { params }) => pauseExecution(ctx, params),
  }),
  route({
    method: 'POST',
    path: '/executions/{id}/resume',
    summary: 'Let a held execution go on',
    permission: 'execution.control',
    params: byId,
    body: none,
    output: answers.okSchema,
    handle: (ctx, { params }) => resumeExecution(ctx, params),
  }),
];
