import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { recordEvents } from '@/db/events';
import { canaryAnalyses, canaryConfigs, canaryLooks } from '@/db/schema';
import type { Look } from '@/server/analysis/look';
import type { AnalysisOptions, AnalysisStatus, AnalysisWindow, ScopePair } from '@/server/domain/analysis';
import { parseServerGroupName } from '@/server/domain/naming';
import type { StageContext } from '@/server/engine/stages/stage';

export type AnalysisRow = typeof canaryAnalyses.$inferSelect;

export interface NewAnalysis {
  readonly kind: AnalysisRow['kind'];
  readonly options: AnalysisOptions;
  readonly scopes: ScopePair;
}

/** What the looks before were, for the judge and for what follows from them. */
export interface PastLook extends AnalysisWindow {
  readonly number: number;
  readonly judgement: Look['judgement'];
}

/** The stage's analysis, made when it is not there yet; null when there is no such configuration. */
export async function openAnalysis(context: StageContext, begun: NewAnalysis): Promise<AnalysisRow | null> {
  const { db, clock } = context.services;
  const { execution, stage } = context;
  const there = await readAnalysis(context);
  if (there) return there;
  const [config] = await db
    .select()
    .from(canaryConfigs)
    .where(
      and(eq(canaryConfigs.application, execution.application), eq(canaryConfigs.name, begun.options.config)),
    );
  if (!config) return null;
  await db.transaction(async (tx) => {
    await tx
      .insert(canaryAnalyses)
      .values({
        application: execution.application,
        environment: execution.environment,
        executionId: execution.id,
        stageId: stage.id,
        configName: config.name,
        configRevision: config.revision,
        source: begun.options.source ?? config.source,
        config: config.config,
        startedAt: clock.now(),
        ...begun,
      })
      // Another worker was as far as this one.
      .onConflictDoNothing({ target: canaryAnalyses.stageId });
    await recordEvents(tx, [event(context, 'running')]);
  });
  return readAnalysis(context);
}

export async function readAnalysis({ services, stage }: StageContext): Promise<AnalysisRow | null> {
  const [row] = await services.db.select().from(canaryAnalyses).where(eq(canaryAnalyses.stageId, stage.id));
  return row ?? null;
}

/** The looks so far, the first one first. */
export async function readLooks({ services }: StageContext, analysisId: string): Promise<PastLook[]> {
  const { number, startMs, endMs, stepMs, judgement } = canaryLooks;
  return services.db
    .select({ number, startMs, endMs, stepMs, judgement })
    .from(canaryLooks)
    .where(eq(canaryLooks.analysisId, analysisId))
    .orderBy(number);
}

export interface NewLook {
  readonly number: number;
  readonly window: AnalysisWindow;
  readonly look: Look;
  /** A growing window holds what those before it held. */
  readonly growing: boolean;
  readonly nextLookAt: Date | null;
}

/** Keeps a look, once. */
export async function keepLook(context: StageContext, row: AnalysisRow, made: NewLook): Promise<void> {
  const { db, clock } = context.services;
  const { number, window, look, nextLookAt } = made;
  const { judgement, measurements } = look;
  const { score, classification, sentence } = judgement;
  await db.transaction(async (tx) => {
    await tx
      .insert(canaryLooks)
      .values({
        analysisId: row.id,
        number,
        ...window,
        judgement,
        measurements: [...measurements],
        judgedAt: clock.now(),
      })
      .onConflictDoNothing();
    if (made.growing) {
      await tx
        .update(canaryLooks)
        .set({ measurements: null })
        .where(and(eq(canaryLooks.analysisId, row.id), lt(canaryLooks.number, number)));
    }
    await tx
      .update(canaryAnalyses)
      .set({ score, classification, sentence, nextLookAt })
      .where(eq(canaryAnalyses.id, row.id));
    await recordEvents(tx, [event(context, row.status)]);
  });
}

/** Deploys that end badly take their groups away; the last ones by far outlive all that is looked back at. */
const REMEMBERED = 50;

/**
 * Sequences of a cluster's groups that were compared and may be gone: measurements are known by a group's name, so no
 * other group may get it. The lowest first.
 */
export async function comparedSequences(
  db: Database,
  application: string,
  cluster: string,
): Promise<number[]> {
  const rows = await db
    .select({ scopes: canaryAnalyses.scopes })
    .from(canaryAnalyses)
    .where(eq(canaryAnalyses.application, application))
    .orderBy(desc(canaryAnalyses.startedAt))
    .limit(REMEMBERED);
  return rows
    .flatMap(({ scopes }) => [scopes.baseline.scope, scopes.canary.scope])
    .flatMap((name) => {
      const parsed = parseServerGroupName(name);
      return parsed?.cluster === cluster && parsed.sequence !== null ? parsed.sequence : [];
    })
    .toSorted((a, b) => a - b);
}

/** Says when it looks for the first time. */
export async function announceLook({ services, stage }: StageContext, nextLookAt: Date): Promise<void> {
  await services.db
    .update(canaryAnalyses)
    .set({ nextLookAt })
    .where(and(eq(canaryAnalyses.stageId, stage.id), isNull(canaryAnalyses.score)));
}

/** Ends an analysis that cannot tell, and asks nobody. */
export async function endUndecided(context: StageContext): Promise<void> {
  const { db, clock } = context.services;
  await db.transaction(async (tx) => {
    await tx
      .update(canaryAnalyses)
      .set({ status: 'inconclusive', endedAt: clock.now(), nextLookAt: null })
      .where(and(eq(canaryAnalyses.stageId, context.stage.id), isNull(canaryAnalyses.endedAt)));
    await recordEvents(tx, [event(context, 'inconclusive')]);
  });
}

/** Says how the analysis stands; an ended one stays as it is. */
export async function markAnalysis(context: StageContext, status: AnalysisStatus): Promise<void> {
  const { db, clock } = context.services;
  const ended = status === 'running' || status === 'inconclusive' ? null : clock.now();
  await db.transaction(async (tx) => {
    const changed = await tx
      .update(canaryAnalyses)
      .set({ status, endedAt: ended, nextLookAt: null })
      .where(
        and(
          eq(canaryAnalyses.stageId, context.stage.id),
          isNull(canaryAnalyses.endedAt),
          sql`${canaryAnalyses.status} <> ${status}`,
        ),
      )
      .returning({ id: canaryAnalyses.id });
    if (changed.length > 0) await recordEvents(tx, [event(context, status)]);
  });
}

function event({ execution, stage }: StageContext, status: AnalysisStatus) {
  const { id: executionId, application } = execution;
  return { kind: 'analysis' as const, application, executionId, subject: stage.refId, status };
}
