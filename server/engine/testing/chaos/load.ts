import { eq } from 'drizzle-orm';
import { executions } from '@/db/schema';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';
import { isComplete } from '@/server/domain/status';
import type { Random } from '@/server/engine/testing/chaos/random';
import type { World } from '@/server/engine/testing/chaos/world';
import { pipeline, stage, start } from '@/server/engine/testing/harness';
import { environment } from '@/server/engine/testing/platform';
import { strategies } from '@/server/strategies/registry';

/** A cluster that is deployed to again and again, with one strategy. */
export interface Place {
  readonly environment: string;
  readonly cluster: string;
  readonly strategy: string;
  readonly guarded: boolean;
}

const OPTIONS: Readonly<Record<string, Record<string, unknown>>> = {
  canary: { steps: [{ weight: 20, judgment: true }, { weight: 50 }] },
  rollingredblack: { percentages: [50, 100] },
};
/** One place per strategy that there is. */
export async function createPlaces({ database }: World): Promise<Place[]> {
  return Promise.all(
    Object.values(strategies).map(async ({ kind, interruptsTraffic }) => {
      const desired = kind === 'rollingredblack' ? 2 : 1;
      const cluster = await environment(database, kind, {
        regions: ['eu'],
        capacity: { min: 1, desired, max: 3 },
        guarded: !interruptsTraffic,
      });
      return { environment: kind, cluster, strategy: kind, guarded: !interruptsTraffic };
    }),
  );
}

export function startDeploy({ database }: World, place: Place, artifact: ArtifactRef): Promise<string> {
  const { environment: name, strategy } = place;
  const options = OPTIONS[strategy] ?? {};
  const deploy = stage('deploy', 'deploy', { environment: name, strategy, options });
  return start(database, pipeline(deploy), { artifact, environment: name });
}

/** A small pipeline of any shape: effects that are counted, waits, gates. */
export function anyPipeline(random: Random): PipelineDefinition {
  const length = random.between(2, 8);
  const stages: StageDefinition[] = [];
  for (let index = 0; index < length; index++) {
    const requires = stages.length === 0 ? [] : [random.one(stages).refId, ...latest(stages, random)];
    const refId = `s${index}`;
    const dice = random.next();
    if (dice < 0.75)
      stages.push(stage(refId, 'count', { holdMs: random.between(0, 60) }, [...new Set(requires)]));
    else if (dice < 0.9) stages.push(stage(refId, 'wait', { seconds: random.between(0, 1) }, requires));
    else stages.push(stage(refId, 'manualJudgment', { instructions: 'Well?' }, requires));
  }
  return pipeline(...stages.map((one) => ({ ...one, requires: [...new Set(one.requires)] })));
}

function latest(stages: readonly StageDefinition[], random: Random): string[] {
  const last = stages.at(-1);
  return last && random.next() < 0.6 ? [last.refId] : [];
}

export async function hasEnded({ database }: World, executionId: string): Promise<boolean> {
  const [row] = await database.db
    .select({ status: executions.status })
    .from(executions)
    .where(eq(executions.id, executionId));
  return row !== undefined && isComplete(row.status);
}
