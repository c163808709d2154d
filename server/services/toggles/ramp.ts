import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '@/db/client';
import { environments } from '@/db/schema';
import { analysisShape } from '@/server/domain/analysis';
import { AppError } from '@/server/domain/errors';
import { type Message, message } from '@/server/domain/message';
import type { StageDefinition } from '@/server/domain/pipeline';
import { RAMP_PIPELINE } from '@/server/domain/ramp';
import { flagKeySchema, type ToggleDefinition } from '@/server/domain/toggles';
import { enqueueExecution } from '@/server/engine/enqueue';
import { recordAudit } from '@/server/services/audit/record';
import { isSplitByVariant } from '@/server/services/canary-configs/by-variant';
import { findCanaryConfig } from '@/server/services/canary-configs/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { triggerOf } from '@/server/services/executions/launch';
import { readRamps } from '@/server/services/toggles/ramps';
import { reasonSchema } from '@/server/services/toggles/reason';
import { findLiveToggle, requireToggleEnvironment } from '@/server/toggle-state/find';
import { requireThawed } from '@/server/toggle-state/freeze';
import { lockToggles, readState } from '@/server/toggle-state/write';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { rolloutOf } from '@/server/toggles/rules/rollout';

export const rampToggleInput = z.object({
  key: flagKeySchema,
  environment: z.string(),
  /** That more and more people get. */
  variant: z.string().min(1),
  /** That the others get; the toggle's default or off variant, or the only other, when absent. */
  against: z.string().min(1).optional(),
  /** Percent of the people at each step, rising. */
  percentages: z
    .array(z.number().positive().max(100))
    .min(1)
    .max(20)
    .refine(
      (steps) => steps.every((step, index) => step > (steps[index - 1] ?? 0)),
      'must rise from step to step',
    ),
  /** How long each step lasts before the next. */
  holdSeconds: z.number().int().min(5).max(604_800),
  /** Who has the variant is compared with who has not, at every step; a bad one puts everything back. */
  guard: z
    .object({
      /** Name of a canary configuration of the toggle's application, on metrics that are split by variant. */
      config: z.string().min(1),
      source: z.string().min(1).optional(),
      /** A sixth of a step, and a fifth of that, when absent; no longer than five minutes and one. */
      intervalSeconds: analysisShape.intervalSeconds.unwrap().optional(),
      stepSeconds: analysisShape.stepSeconds.unwrap().optional(),
      passScore: analysisShape.passScore,
      marginalScore: analysisShape.marginalScore,
    })
    .optional(),
  reason: reasonSchema,
});
type Input = z.output<typeof rampToggleInput>;

/**
 * Gives a variant to more and more people: an execution whose stages set the share, wait or compare, and go on. When it
 * fails, is stopped or canceled, the toggle is put back as it stood.
 */
export async function rampToggle(ctx: ServiceContext, input: Input): Promise<{ executionId: string }> {
  const actor = requirePermission(ctx, 'toggle.write');
  return ctx.db.transaction(async (tx) => {
    const place = requireToggleEnvironment(await lockToggles(tx), input.environment);
    requireThawed([place], ctx.clock.now());
    const toggle = await findLiveToggle(tx, input.key);
    const state = await readState(tx, input.key, input.environment);
    if (!state)
      throw new AppError(
        'unprocessable',
        `“${input.key}” does not stand in ${input.environment} yet. Say first what it serves there.`,
      );
    const against = input.against ?? othersGet(Object.keys(toggle.variants), state.definition, input.variant);
    requireVariants(Object.keys(toggle.variants), input, against);
    requireRise(state.definition, input);
    const { application } = toggle;
    if (application === null)
      throw new AppError('unprocessable', 'A ramp runs in an application. Give the toggle one first.');
    const scope = input.guard ? await guardedScope(tx, application, input, input.guard.config) : {};
    await requireNoRamp(tx, input);
    const last = input.percentages.at(-1) ?? 0;
    const note = `ramp ${input.key} up to ${last} % in ${input.environment}`;
    const { executionId } = await enqueueExecution(tx, {
      application,
      pipeline: RAMP_PIPELINE,
      pipelineRevision: 1,
      definition: {
        name: RAMP_PIPELINE,
        description: note,
        parameters: [],
        stages: [
          ...(place.requiresReview ? [gate()] : []),
          ...steps(input, against ?? '', scope, place.requiresReview),
        ],
      },
      stageNames: stageNames(input),
      trigger: triggerOf(actor, input.reason || note),
      parameters: {},
      environment: null,
      artifact: null,
      idempotencyKey: null,
    });
    const { key, reason, ...planned } = input;
    await recordAudit(tx, actor, {
      action: 'toggle.ramp',
      application,
      subject: key,
      reason: reason || null,
      after: { ...planned, executionId },
    });
    return { executionId };
  });
}

/** A step back would take the variant from people who have it. @throws AppError `unprocessable`. */
function requireRise(
  { on, targeting, defaultVariant }: ToggleDefinition,
  { variant, percentages }: Input,
): void {
  const otherwise = fromTargeting(targeting)?.otherwise;
  const forAll = otherwise?.kind === 'variant' ? otherwise.variant : defaultVariant;
  const share = rolloutOf(targeting, null, variant) ?? (forAll === variant ? 100 : 0);
  const reached = on ? Number(share.toFixed(3)) : 0;
  const [first = 0] = percentages;
  if (first >= reached && (percentages.at(-1) ?? 0) > reached) return;
  throw new AppError(
    'unprocessable',
    `“${variant}” reaches ${reached} % already; choose more for every step.`,
  );
}

/** Two that raise the same share would each undo the other's steps. @throws AppError `conflict`. */
async function requireNoRamp(tx: Transaction, { key, environment }: Input): Promise<void> {
  const running = (await readRamps(tx, key)).get(environment);
  if (!running) return;
  throw new AppError(
    'conflict',
    `A ramp of “${key}” runs in ${environment} already, started by ${running.by}. Stop it first, or wait until it is over.`,
    { executionId: running.executionId },
  );
}

/** What `${…}` of the guard's queries stands for. @throws AppError when the guard could not tell variants apart. */
async function guardedScope(
  tx: Transaction,
  application: string,
  { key, environment }: Input,
  name: string,
): Promise<Record<string, string>> {
  const { config } = await findCanaryConfig(tx, application, name);
  if (!isSplitByVariant(config))
    throw new AppError(
      'unprocessable',
      `“${name}” compares server groups, and they serve every variant. Choose a canary configuration whose queries all ask for \${toggle}, with the variant as \${scope}.`,
    );
  const [place] = await tx
    .select({ cluster: environments.cluster })
    .from(environments)
    .where(and(eq(environments.application, application), eq(environments.name, environment)));
  return { toggle: key, environment, application, cluster: place?.cluster ?? '' };
}

/** What those get who do not get the variant; null when nothing says so. */
function othersGet(
  known: readonly string[],
  { defaultVariant, offVariant }: Pick<ToggleDefinition, 'defaultVariant' | 'offVariant'>,
  variant: string,
): string | null {
  const others = known.filter((name) => name !== variant);
  const named = [defaultVariant, offVariant].find((name) => name !== null && name !== variant);
  return named ?? (others.length === 1 ? (others[0] ?? null) : null);
}

function requireVariants(known: readonly string[], { variant }: Input, against: string | null): void {
  const unknown = [variant, against].find((one) => one !== null && !known.includes(one));
  if (unknown !== undefined)
    throw new AppError(
      'unprocessable',
      `There is no variant “${unknown}”. There are ${known.map((one) => `“${one}”`).join(', ')}.`,
    );
  if (against === null || against === variant)
    throw new AppError('unprocessable', `Say which variant those get who do not get “${variant}” yet.`);
}

/** Where changes demand review, another person says yes before the first. */
function gate(): StageDefinition {
  return { refId: 'review', type: 'manualJudgment', name: 'Another person agrees', requires: [], config: {} };
}

function steps(
  input: Input,
  against: string,
  scope: Record<string, string>,
  reviewed: boolean,
): StageDefinition[] {
  let after = reviewed ? ['review'] : [];
  return input.percentages.flatMap((percent, index) => {
    const set: StageDefinition = {
      refId: `step-${index + 1}`,
      type: 'toggle',
      name: `${percent} % get ${input.variant}`,
      requires: after,
      config: {
        toggle: input.key,
        toggleEnvironment: input.environment,
        set: 'percentage',
        variant: input.variant,
        percent,
        against,
        putBack: true,
      },
    };
    // When all have it there is nobody to compare with, and nothing to wait for.
    if (percent === 100) return [set];
    const hold = holdStage(input, against, scope, index, percent);
    after = [hold.refId];
    return [set, hold];
  });
}

/** As the stages of `steps` and the gate are called in every language. */
function stageNames({ percentages, variant, guard }: Input): Record<string, Message> {
  const hold = guard ? 'ramp.stage.compare' : 'ramp.stage.wait';
  return Object.fromEntries<Message>([
    ['review', message('ramp.stage.review')],
    ...percentages.flatMap((percent, index): [string, Message][] => [
      [`step-${index + 1}`, message('ramp.stage.share', { percent, variant })],
      [`hold-${index + 1}`, message(hold, { percent })],
    ]),
  ]);
}

function holdStage(
  { variant, holdSeconds, guard }: Input,
  against: string,
  scope: Record<string, string>,
  index: number,
  percent: number,
): StageDefinition {
  const place = { refId: `hold-${index + 1}`, requires: [`step-${index + 1}`] };
  if (!guard)
    return { ...place, type: 'wait', name: `Wait at ${percent} %`, config: { seconds: holdSeconds } };
  return {
    ...place,
    type: 'canaryAnalysis',
    name: `Compare at ${percent} %`,
    config: {
      ...guard,
      ...paceOf(holdSeconds, guard),
      warmupSeconds: 0,
      lifetimeSeconds: holdSeconds,
      scopes: { baseline: { scope: against }, canary: { scope: variant }, extra: scope },
    },
  };
}

/** As often as the length of a step allows: a bad variant is found long before the step is over. */
function paceOf(
  holdSeconds: number,
  given: Pick<NonNullable<Input['guard']>, 'intervalSeconds' | 'stepSeconds'>,
): { intervalSeconds: number; stepSeconds: number } {
  const sixth = Math.min(300, Math.max(5, Math.floor(holdSeconds / 6)));
  const intervalSeconds = Math.min(given.intervalSeconds ?? sixth, holdSeconds);
  const fifth = Math.min(60, Math.max(1, Math.floor(intervalSeconds / 5)));
  return { intervalSeconds, stepSeconds: Math.min(given.stepSeconds ?? fifth, intervalSeconds) };
}
