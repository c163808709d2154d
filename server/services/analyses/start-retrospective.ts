import { isDeepStrictEqual } from 'node:util';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { environments, serverGroups } from '@/db/schema';
import {
  type AnalysisOptions,
  analysisShape,
  optionProblems,
  type ScopePair,
  scopePairSchema,
} from '@/server/domain/analysis';
import type { CanaryConfig } from '@/server/domain/canary';
import { AppError } from '@/server/domain/errors';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import { enqueueExecution } from '@/server/engine/enqueue';
import { recordAudit } from '@/server/services/audit/record';
import { findCanaryConfig } from '@/server/services/canary-configs/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { triggerOf } from '@/server/services/executions/launch';
import { findExecution } from '@/server/services/executions/rows';
import { findMetricsSource } from '@/server/services/metrics-sources/find';
import type { Issue } from '@/server/services/pipelines/validate';
import { requireNoIssues } from '@/server/services/shared/issues';
import { iso } from '@/server/services/shared/sql';

/** Of executions that belong to no pipeline. */
const PIPELINE = 'canary-analysis';
const DAY_SECONDS = 86_400;
/** Longer than a week nothing is judged; see `lifetimeSeconds`. */
const MAX_WINDOW_SECONDS = 604_800;

export const startRetrospectiveInput = z.object({
  application: z.string(),
  /** Name of a canary configuration. */
  config: z.string().min(1),
  source: z.string().min(1).optional(),
  scopes: scopePairSchema,
  startMs: z.number().int().nonnegative(),
  endMs: z.number().int().nonnegative(),
  stepSeconds: analysisShape.stepSeconds,
  /** One look at all of it when absent. */
  intervalSeconds: analysisShape.intervalSeconds.unwrap().optional(),
  lookbackSeconds: analysisShape.lookbackSeconds,
  passScore: analysisShape.passScore,
  marginalScore: analysisShape.marginalScore,
  idempotencyKey: z.string().min(1).max(200).optional(),
});
type Input = z.output<typeof startRetrospectiveInput>;

/** Judges a past window for the record: an execution of a single stage that deploys nothing. */
export async function startRetrospective(
  ctx: ServiceContext,
  given: Input,
): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'execution.start');
  const input = onSteps(given);
  return ctx.db.transaction(async (tx) => {
    const { source, config } = await findCanaryConfig(tx, input.application, input.config);
    const { kind } = await findMetricsSource(tx, input.source ?? source);
    requireNoIssues('analysis', sourceIssues(config.metrics, kind));
    const options = optionsOf(input);
    requireNoIssues('analysis', windowIssues(ctx, input));
    requireNoIssues('analysis', [...optionIssues(options), ...scopeIssues(input)]);
    const note = `judge ${input.scopes.canary.scope} against ${input.scopes.baseline.scope} by ${input.config}`;
    const definition = definitionOf(input, options, note);
    const started = await enqueueExecution(tx, {
      application: input.application,
      pipeline: PIPELINE,
      pipelineRevision: 1,
      definition,
      trigger: triggerOf(actor, note),
      parameters: {},
      environment: await environmentOf(tx, input),
      artifact: null,
      // Keys of different people never meet: one must not learn of another's execution by guessing.
      idempotencyKey: input.idempotencyKey ? `${actor.userId ?? actor.name} ${input.idempotencyKey}` : null,
    });
    const { executionId } = started;
    if (!started.created) {
      await requireSame(tx, executionId, definition);
      return { executionId };
    }
    await recordAudit(tx, actor, {
      action: 'analysis.start',
      application: input.application,
      subject: executionId,
      after: { config: input.config, scopes: input.scopes, ...timesOf(input) },
    });
    return { executionId };
  });
}

/** The window on whole steps: each look then holds a point at least. */
function onSteps(input: Input): Input {
  const stepMs = input.stepSeconds * 1_000;
  const down = (ms: number) => Math.floor(ms / stepMs) * stepMs;
  return { ...input, startMs: down(input.startMs), endMs: down(input.endMs) };
}

function optionsOf(input: Input): AnalysisOptions {
  const lifetimeSeconds = Math.floor((input.endMs - input.startMs) / 1_000);
  return {
    config: input.config,
    ...(input.source === undefined ? {} : { source: input.source }),
    warmupSeconds: 0,
    intervalSeconds: input.intervalSeconds ?? Math.min(lifetimeSeconds, wholeDay(input)),
    lifetimeSeconds,
    lookbackSeconds: input.lookbackSeconds,
    stepSeconds: input.stepSeconds,
    lagSeconds: 0,
    // There is no more of the past to wait for.
    extendSeconds: 0,
    passScore: input.passScore,
    marginalScore: input.marginalScore,
    roles: [],
  };
}

/** The longest interval there is, in whole steps. */
function wholeDay({ stepSeconds }: Input): number {
  return Math.floor(DAY_SECONDS / stepSeconds) * stepSeconds;
}

function timesOf({ startMs, endMs }: Input) {
  return { startTime: iso(new Date(startMs)), endTime: iso(new Date(endMs)) };
}

function definitionOf(input: Input, options: AnalysisOptions, note: string): PipelineDefinition {
  // Nothing waits for the outcome, so nobody is asked when the metrics cannot tell.
  const config = { ...options, scopes: input.scopes, ...timesOf(input), askPerson: false };
  return {
    name: PIPELINE,
    description: note,
    parameters: [],
    stages: [{ refId: 'analysis', type: 'canaryAnalysis', name: 'Canary analysis', requires: [], config }],
  };
}

/** Each look asks for everything again. */
const MOST_LOOKS = 500;

function sourceIssues(metrics: CanaryConfig['metrics'], kind: string): Issue[] {
  const other = metrics.find(({ query }) => query.type !== kind);
  if (!other) return [];
  const message = `the configuration asks "${other.query.type}", and this source is one of "${kind}"; name another source`;
  return [{ path: 'source', message }];
}

function windowIssues(ctx: ServiceContext, { startMs, endMs, stepSeconds, ...input }: Input): Issue[] {
  const looks = input.intervalSeconds ? (endMs - startMs) / 1_000 / input.intervalSeconds : 1;
  if (looks > MOST_LOOKS)
    return [
      {
        path: 'intervalSeconds',
        message: `these are ${Math.floor(looks)} looks, and ${MOST_LOOKS} can be made; choose a longer interval`,
      },
    ];
  if (endMs > ctx.clock.now().getTime())
    return [{ path: 'endMs', message: 'is in the future; choose a window that has passed' }];
  const seconds = (endMs - startMs) / 1_000;
  if (seconds < stepSeconds)
    return [{ path: 'endMs', message: 'must be a step or more after the start; choose a later end' }];
  if (seconds > MAX_WINDOW_SECONDS)
    return [{ path: 'startMs', message: 'the window is longer than a week; choose a later start' }];
  return [];
}

function optionIssues(options: AnalysisOptions): Issue[] {
  const { stepSeconds } = options;
  const broken = (['intervalSeconds', 'lookbackSeconds'] as const).filter(
    (field) => options[field] % stepSeconds !== 0,
  );
  return [
    ...optionProblems(options).map(({ field, problem }) => ({ path: field, message: problem })),
    ...broken.map((path) => ({ path, message: `must be whole steps of ${stepSeconds} s` })),
  ];
}

/** What stands in a stage's configuration is read for expressions. */
function scopeIssues({ scopes }: Input): Issue[] {
  return Object.entries(textsOf(scopes)).flatMap(([path, text]) =>
    text.includes('${')
      ? [{ path: `scopes.${path}`, message: 'must not hold "${"; give the name itself' }]
      : [],
  );
}

function textsOf({ baseline, canary, extra }: ScopePair): Record<string, string> {
  return {
    'baseline.scope': baseline.scope,
    'baseline.location': baseline.location,
    'canary.scope': canary.scope,
    'canary.location': canary.location,
    ...Object.fromEntries(Object.entries(extra).map(([name, value]) => [`extra.${name}`, value])),
  };
}

/** Where the canary runs, as far as it is still there to tell. */
async function environmentOf(tx: Transaction, { application, scopes }: Input): Promise<string | null> {
  const { scope, location } = scopes.canary;
  const [row] = await tx
    .select({ name: environments.name })
    .from(serverGroups)
    .innerJoin(
      environments,
      and(
        eq(environments.application, serverGroups.application),
        eq(environments.account, serverGroups.account),
        eq(environments.cluster, serverGroups.cluster),
      ),
    )
    .where(
      and(
        eq(serverGroups.application, application),
        eq(serverGroups.name, scope),
        location === '' ? undefined : eq(serverGroups.region, location),
      ),
    )
    .limit(1);
  return row?.name ?? null;
}

/** @throws AppError `conflict` when the key belongs to another request. */
async function requireSame(
  tx: Transaction,
  executionId: string,
  definition: PipelineDefinition,
): Promise<void> {
  const earlier = await findExecution(tx, executionId);
  // As it comes back from the database: without what is undefined.
  const asked: unknown = JSON.parse(JSON.stringify(definition));
  if (isDeepStrictEqual(earlier.definition, asked)) return;
  throw new AppError('conflict', 'This Idempotency-Key was used for another request. Use a new one.', {
    executionId,
  });
}
