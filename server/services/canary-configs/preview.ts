import { z } from 'zod';
import { withMeasuredBy } from '@/db/measured-by';
import { look } from '@/server/analysis/look';
import { openSource } from '@/server/analysis/open-source';
import { type AnalysisWindow, scopePairSchema } from '@/server/domain/analysis';
import type { CanaryConfig } from '@/server/domain/canary';
import { AppError } from '@/server/domain/errors';
import type { LookView } from '@/server/domain/views/canary';
import { alignedGrid } from '@/server/metrics/grid';
import { findApplication } from '@/server/services/applications/find';
import { requireConfig } from '@/server/services/canary-configs/issues';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { secretsOf } from '@/server/services/shared/signing-secret';
import { iso } from '@/server/services/shared/sql';

const PATIENCE_SECONDS = 45;
/** Of all metrics on both sides together: about 200 metrics over a day of minutes. */
const MAX_POINTS = 1_000_000;

export const windowSchema = z.object({
  startMs: z.number().int().nonnegative(),
  endMs: z.number().int().nonnegative(),
  stepMs: z.number().int().min(1_000).max(3_600_000),
});

export const previewCanaryConfigInput = z.object({
  application: z.string(),
  source: z.string().min(1),
  config: z.unknown(),
  scopes: scopePairSchema,
  /** Widened to whole steps. */
  window: windowSchema,
  passScore: z.number().min(0).max(100).default(95),
  marginalScore: z.number().min(0).max(100).default(75),
});
type Input = z.output<typeof previewCanaryConfigInput>;

/**
 * Measures and judges a past window by a configuration that may still be half written, and keeps nothing. What is wrong
 * with a single metric is said at that metric.
 */
export async function previewCanaryConfig(ctx: ServiceContext, input: Input): Promise<LookView> {
  requirePermission(ctx, 'pipeline.write');
  await findApplication(ctx.db, input.application);
  const config = requireConfig(input.config);
  const window = requireWindow(ctx, input.window, config);
  const source = await openSource(ctx.db, secretsOf(ctx.secrets), input.source);
  const scopes = await withMeasuredBy(ctx.db, input.scopes);
  const { judgement, measurements } = await bounded((signal) =>
    look({
      config,
      source,
      scopes,
      window,
      thresholds: { pass: input.passScore, marginal: input.marginalScore },
      signal,
    }),
  );
  return { number: 0, ...window, judgedAt: iso(ctx.clock.now()), judgement, measurements };
}

/** @throws AppError `bad_request` for a window that holds nothing, has not been yet, or is too much at once. */
function requireWindow(ctx: ServiceContext, given: AnalysisWindow, config: CanaryConfig): AnalysisWindow {
  const window = alignedGrid(given.startMs, given.endMs, given.stepMs);
  if (given.startMs >= given.endMs)
    throw new AppError('bad_request', 'The window ends before it starts. Choose a later end.');
  if (given.startMs >= ctx.clock.now().getTime())
    throw new AppError('bad_request', 'The window is in the future. Choose one that has passed.');
  const points = (2 * config.metrics.length * (window.endMs - window.startMs)) / window.stepMs;
  if (points <= MAX_POINTS) return window;
  throw new AppError(
    'bad_request',
    `That would be ${points} values, and ${MAX_POINTS} can be tried at once. Choose a shorter window or a longer step.`,
  );
}

/** @throws AppError `unavailable` when it takes too long. */
async function bounded<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE_SECONDS * 1_000);
  try {
    return await act(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new AppError(
      'unavailable',
      `The metrics source did not answer within ${PATIENCE_SECONDS} s. Choose a shorter window, or try later.`,
    );
  }
}
