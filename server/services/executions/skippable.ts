import { isComplete, type Status } from '@/server/domain/status';
import { stageTypes } from '@/server/engine/stages/registry';
import type { StageCatalogue } from '@/server/engine/stages/stage';

export interface SkipCandidate {
  readonly refId: string;
  readonly type: string;
  readonly status: Status;
  readonly parentId: string | null;
}

const types: StageCatalogue = stageTypes;

/** Why a stage cannot be skipped now, as a sentence; null when it can. */
export function whyNotSkippable({ refId, type, status, parentId }: SkipCandidate): string | null {
  if (isComplete(status)) return `"${refId}" has ended: it is ${status}.`;
  const mayBeCutShort = types[type]?.skippable === true;
  if (status === 'pending' && parentId !== null && !mayBeCutShort)
    return `"${refId}" is a step of a rollout and keeps it safe; it cannot be left out.`;
  if (status === 'running' && !mayBeCutShort)
    return `"${refId}" is at work and cannot be skipped in the middle. Cancel the execution instead.`;
  return null;
}
