import type { Transaction } from '@/db/client';
import { crashPoint } from '@/server/engine/crash-point';
import type { Step } from '@/server/engine/group-commit/step';
import type { ClaimedJob } from '@/server/engine/queue/job';
import type { EngineServices } from '@/server/engine/services';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { type LockedExecution, lockExecution, type StageState } from '@/server/engine/state';
import type { Logger } from '@/server/log';

/** What handlers of jobs work with. */
export interface Runtime {
  readonly services: EngineServices;
  readonly stageTypes: StageCatalogue;
  readonly logger: Logger;
  /** What is needed to move a stage; undefined when it is gone. */
  readStage(stageId: string): Promise<StageState | undefined>;
  /** Makes a step together with those of other executions. @returns false when it has to go its own way. */
  commit(step: Step): Promise<boolean>;
  /** Tells the own fetcher that a job falls due after so many milliseconds. */
  pumpIn(ms: number): void;
}

/**
 * One step of an execution: transition, events and next jobs commit together, under its lock.
 * `act` must prove the lease (finish, park, reschedule or hold the job), or it could act for a
 * worker that was replaced.
 */
export async function commitStep<T>(
  runtime: Runtime,
  job: ClaimedJob,
  act: (tx: Transaction, execution: LockedExecution | undefined) => Promise<T>,
): Promise<T> {
  const result = await runtime.services.db.transaction(async (tx) => {
    const answer = await act(tx, await lockExecution(tx, job.executionId));
    crashPoint('before-commit');
    return answer;
  });
  crashPoint('after-commit');
  return result;
}
