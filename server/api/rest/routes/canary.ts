import { z } from 'zod';
import * as shapes from '@/server/api/rest/canary-schemas';
import { render } from '@/server/api/rest/render';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import { ANALYSIS_STATUSES } from '@/server/domain/analysis';
import { listAnalyses, listAnalysesInput } from '@/server/services/analyses/list';
import { reportAnalysis, reportAnalysisInput } from '@/server/services/analyses/report';
import { startRetrospective, startRetrospectiveInput } from '@/server/services/analyses/start-retrospective';
import { exportCanaryConfig } from '@/server/services/canary-configs/export';
import { getCanaryConfig } from '@/server/services/canary-configs/get';
import { importKayenta } from '@/server/services/canary-configs/import-kayenta';
import { listCanaryConfigs } from '@/server/services/canary-configs/list';
import { removeCanaryConfig } from '@/server/services/canary-configs/remove';
import { saveCanaryConfig, saveCanaryConfigInput } from '@/server/services/canary-configs/save';
import { applyMetricsSource, applyMetricsSourceInput } from '@/server/services/metrics-sources/apply';
import { checkMetricsSource, checkMetricsSourceInput } from '@/server/services/metrics-sources/check';
import { listMetricsSources } from '@/server/services/metrics-sources/list';
import { removeMetricsSource, removeMetricsSourceInput } from '@/server/services/metrics-sources/remove';

const none = z.object({});
const app = z.object({ app: z.string() });
const named = z.object({ app: z.string(), name: z.string() });
const sourceName = z.object({ name: z.string() });

/** In an address everything is text. */
const limit = z.coerce.number().pipe(listAnalysesInput.shape.limit.unwrap()).default(50);
const look = z.coerce.number().pipe(reportAnalysisInput.shape.look.unwrap()).optional();

const moment = z.iso.datetime({ offset: true });

/** Where measurements come from. */
const sourceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/metrics-sources',
    summary: 'Where measurements come from, without their secrets',
    permission: 'read',
    output: z.object({ items: z.array(shapes.sourceSchema) }),
    handle: async (ctx) => ({ items: await listMetricsSources(ctx, {}) }),
  }),
  route({
    method: 'PUT',
    path: '/metrics-sources/{name}',
    summary: 'Add a metrics source or change it; a secret that is left out stays, null takes it away',
    permission: 'integration.write',
    params: applyMetricsSourceInput.pick({ name: true }),
    body: applyMetricsSourceInput.omit({ name: true }),
    output: answers.appliedSchema,
    handle: (ctx, { params, body }) => applyMetricsSource(ctx, { ...body, ...params }),
  }),
  route({
    method: 'DELETE',
    path: '/metrics-sources/{name}',
    summary: 'Take a metrics source away that nothing asks any more',
    permission: 'integration.write',
    params: removeMetricsSourceInput,
    output: answers.okSchema,
    handle: (ctx, { params }) => removeMetricsSource(ctx, params),
  }),
  route({
    method: 'POST',
    path: '/metrics-sources/{name}/check',
    summary: 'Whether a metrics source answers and lets us in',
    permission: 'integration.write',
    params: sourceName,
    body: none,
    output: shapes.sourceCheckSchema,
    handle: (ctx, { params }) => checkMetricsSource(ctx, checkMetricsSourceInput.parse(params)),
  }),
];

/** What canaries are judged by. */
const configRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/applications/{app}/canary-configs',
    summary: 'Canary configurations of an application',
    permission: 'read',
    params: app,
    output: z.object({ items: z.array(shapes.configSummarySchema) }),
    handle: async (ctx, { params }) => ({
      items: await listCanaryConfigs(ctx, { application: params.app }),
    }),
  }),
  route({
    method: 'POST',
    path: '/applications/{app}/canary-configs/import-kayenta',
    summary: 'Bring in a canary configuration of Kayenta, with notes of what is not known here',
    permission: 'pipeline.write',
    params: app,
    body: z.object({
      /** Of the configuration here; made from its own when absent. */
      name: saveCanaryConfigInput.shape.name.optional(),
      source: saveCanaryConfigInput.shape.source,
      document: z.record(z.string(), z.unknown()),
      /** True: only says what would become of it. */
      dryRun: z.boolean().default(false),
    }),
    output: z.object({
      name: z.string(),
      notes: z.array(z.string()),
      written: shapes.savedConfigSchema.nullable(),
    }),
    handle: async (ctx, { params, body }) => {
      const { source, document, dryRun } = body;
      const read = await importKayenta(ctx, { application: params.app, json: JSON.stringify(document) });
      const name = body.name ?? read.name;
      const notes = [...read.notes];
      if (dryRun) return { name, notes, written: null };
      const written = await saveCanaryConfig(ctx, {
        application: params.app,
        name,
        source,
        config: document,
      });
      return { name, notes, written };
    },
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/canary-configs/{name}',
    summary: 'A canary configuration',
    permission: 'read',
    params: named,
    output: shapes.configSchema,
    handle: (ctx, { params }) => getCanaryConfig(ctx, { application: params.app, name: params.name }),
  }),
  route({
    method: 'PUT',
    path: '/applications/{app}/canary-configs/{name}',
    summary: 'Add a canary configuration or replace it',
    permission: 'pipeline.write',
    params: z.object({ app: z.string(), name: saveCanaryConfigInput.shape.name }),
    body: saveCanaryConfigInput.pick({ source: true, config: true, revision: true }),
    output: shapes.savedConfigSchema,
    handle: (ctx, { params, body }) =>
      saveCanaryConfig(ctx, { ...body, application: params.app, name: params.name }),
  }),
  route({
    method: 'DELETE',
    path: '/applications/{app}/canary-configs/{name}',
    summary: 'Take a canary configuration away that no pipeline names; its analyses stay to be read',
    permission: 'pipeline.write',
    params: named,
    output: answers.okSchema,
    handle: (ctx, { params }) => removeCanaryConfig(ctx, { application: params.app, name: params.name }),
  }),
  route({
    method: 'GET',
    path: '/applications/{app}/canary-configs/{name}/kayenta',
    summary: 'A canary configuration as Kayenta’s JSON; what was imported comes back unchanged',
    permission: 'read',
    params: named,
    output: z.record(z.string(), z.unknown()),
    handle: (ctx, { params }) => exportCanaryConfig(ctx, { application: params.app, name: params.name }),
  }),
];

/** Comparisons of a canary with its baseline. */
const analysisRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/applications/{app}/canary-analyses',
    summary: 'Canary analyses of an application, newest first',
    permission: 'read',
    params: app,
    query: listAnalysesInput
      .omit({ application: true, statuses: true })
      .extend({ limit, status: z.enum(ANALYSIS_STATUSES).optional() }),
    output: shapes.analysisPageSchema,
    handle: async (ctx, { params, query: { status, ...query } }) =>
      render(
        await listAnalyses(ctx, {
          ...query,
          application: params.app,
          ...(status ? { statuses: [status] } : {}),
        }),
      ),
  }),
  route({
    method: 'POST',
    path: '/applications/{app}/canary-analyses',
    summary: 'Judge a past window by a canary configuration, without deploying anything',
    permission: 'execution.start',
    params: app,
    body: startRetrospectiveInput
      .omit({ application: true, startMs: true, endMs: true, idempotencyKey: true })
      .extend({ startTime: moment, endTime: moment }),
    output: answers.startedSchema,
    status: 201,
    handle: (ctx, { params, body: { startTime, endTime, ...body }, idempotencyKey }) =>
      startRetrospective(ctx, {
        ...body,
        application: params.app,
        startMs: Date.parse(startTime),
        endMs: Date.parse(endTime),
        idempotencyKey,
      }),
  }),
  route({
    method: 'GET',
    path: '/canary-analyses/{id}',
    summary: 'Everything about a canary analysis, with what its latest look saw or the one asked for',
    permission: 'read',
    params: reportAnalysisInput.pick({ id: true }),
    query: z.object({
      look,
      /** false leaves the series out, which are most of it. */
      measurements: z.enum(['true', 'false']).default('true'),
    }),
    output: shapes.analysisReportSchema,
    handle: async (ctx, { params, query: { look: number, measurements } }) => {
      const report = await reportAnalysis(ctx, { id: params.id, look: number });
      const shown =
        measurements === 'true' ? report.shown : report.shown && { ...report.shown, measurements: null };
      return render({ ...report, shown });
    },
  }),
];

export const canaryRoutes: readonly Route[] = [...sourceRoutes, ...configRoutes, ...analysisRoutes];
