import { and, eq, or, sql } from 'drizzle-orm';
import { stages } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { JudgmentConfig } from '@/server/domain/pipeline';
import { stageTypes } from '@/server/engine/stages/registry';
import type { StageCatalogue } from '@/server/engine/stages/stage';

/** Stages that ask a person now; the same as `asksPerson` of the domain, and served by an index. */
export const ASKS_PERSON = and(
  eq(stages.status, 'running'),
  or(eq(stages.type, 'manualJudgment'), sql`${stages.waiting}->>'kind' = 'person'`),
);

/**
 * What a stage asks a person for.
 * @throws AppError `unprocessable` when it is of a type that never asks.
 */
export function gateOf(stage: Pick<typeof stages.$inferSelect, 'refId' | 'type' | 'config'>): JudgmentConfig {
  const types: StageCatalogue = stageTypes;
  const type = types[stage.type];
  if (!type?.gate)
    throw new AppError('unprocessable', `The stage "${stage.refId}" is no gate: there is nothing to judge.`);
  return type.gate(type.configSchema.parse(stage.config));
}
