import { DEFAULT_FAILURE_POLICY, type FailurePolicy } from '@/server/domain/pipeline';
import { isComplete, letsDownstreamStart, type Status, worstStatus } from '@/server/domain/status';

/**
 * What the end of a stage means for the rest, by its failure policy. Only what a stage did itself is
 * subject to the policy: one that was canceled or skipped was ended by others.
 */
export type Aftermath =
  /** What comes after it starts. */
  | 'goesOn'
  /** What comes after it is skipped; other branches go on. */
  | 'branchHalts'
  /** Nothing new starts anywhere. */
  | 'allHalts';

export interface Part {
  readonly status: Status;
  readonly onFailure?: FailurePolicy | undefined;
}

export function aftermath({ status, onFailure = DEFAULT_FAILURE_POLICY }: Part): Aftermath {
  if (letsDownstreamStart(status)) return 'goesOn';
  if (status === 'canceled') return 'allHalts';
  switch (onFailure) {
    case 'ignore':
      return 'goesOn';
    case 'haltBranch':
    case 'haltBranchThenFail':
      return 'branchHalts';
    case 'haltPipeline':
      return 'allHalts';
    default:
      return onFailure satisfies never;
  }
}

/** What a part adds to the status of the whole: a failure that is ignored, or halts only its branch, adds none. */
export function counted({ status, onFailure = DEFAULT_FAILURE_POLICY }: Part): Status {
  const forgiven = onFailure === 'ignore' || onFailure === 'haltBranch';
  return forgiven && isComplete(status) && status !== 'canceled' && !letsDownstreamStart(status)
    ? 'succeeded'
    : status;
}

/** The status of a whole from the statuses of its parts. */
export function statusOfWhole(parts: readonly Part[]): Status {
  return worstStatus(parts.map(counted));
}
