import { eq, type SQL, sql } from 'drizzle-orm';
import { canaryAnalyses, canaryLooks, executions, stages } from '@/db/schema';
import type { AnalysisSummary } from '@/server/domain/views/canary';
import { plannedLooks } from '@/server/services/analyses/planned';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';

/** When a stage that looks into the past is told to begin or end to look; null for one in real time. */
function past(field: 'startTime' | 'endTime'): SQL<string | null> {
  return sql<string | null>`case when ${canaryAnalyses.kind} = 'retrospective'
    then ${stages.config}->>${sql.raw(`'${field}'`)} end`;
}

/** A Date has milliseconds and Postgres microseconds: a cursor that rounds would skip or repeat rows. */
const microseconds = sql<string>`to_char(${canaryAnalyses.startedAt} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const columns = {
  analysis: {
    id: canaryAnalyses.id,
    application: canaryAnalyses.application,
    environment: canaryAnalyses.environment,
    executionId: canaryAnalyses.executionId,
    kind: canaryAnalyses.kind,
    configName: canaryAnalyses.configName,
    source: canaryAnalyses.source,
    scopes: canaryAnalyses.scopes,
    status: canaryAnalyses.status,
    score: canaryAnalyses.score,
    classification: canaryAnalyses.classification,
    sentence: canaryAnalyses.sentence,
  },
  refId: stages.refId,
  pipeline: executions.pipeline,
  options: canaryAnalyses.options,
  startTime: past('startTime'),
  endTime: past('endTime'),
  nextLookAt: canaryAnalyses.nextLookAt,
  startedAt: canaryAnalyses.startedAt,
  endedAt: canaryAnalyses.endedAt,
  looks: sql<number>`(select count(*)::int from ${canaryLooks}
    where ${canaryLooks.analysisId} = ${canaryAnalyses.id})`,
  place: microseconds,
};

/** Analyses with where they belong, to filter and to order. */
export function selectAnalyses(db: Reader) {
  return db
    .select(columns)
    .from(canaryAnalyses)
    .innerJoin(executions, eq(executions.id, canaryAnalyses.executionId))
    .innerJoin(stages, eq(stages.id, canaryAnalyses.stageId))
    .$dynamic();
}
type AnalysisRow = Awaited<ReturnType<typeof selectAnalyses>>[number];

export function analysisSummary({
  analysis,
  options,
  startTime,
  endTime,
  ...row
}: AnalysisRow): AnalysisSummary {
  return {
    ...analysis,
    refId: row.refId,
    pipeline: row.pipeline,
    looks: row.looks,
    plannedLooks: plannedLooks(options, { startTime, endTime }),
    nextLookAt: iso(row.nextLookAt),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
  };
}
