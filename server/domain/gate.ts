import type { Waiting } from '@/server/domain/execution';
import type { Status } from '@/server/domain/status';

/** What tells whether a stage asks a person. */
export interface GateFacts {
  readonly type: string;
  readonly status: Status;
  readonly waiting: Pick<Waiting, 'kind'> | null;
}

/** A stage whose only work is to ask, or one that cannot tell by itself and asks now. */
export function asksPerson({ type, status, waiting }: GateFacts): boolean {
  return status === 'running' && (type === 'manualJudgment' || waiting?.kind === 'person');
}
