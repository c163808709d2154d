import { change } from '@/server/providers/kubernetes/verbs/change';
import { hasEnded, isCanceled, tombstoneFor } from '@/server/providers/kubernetes/verbs/job-objects';
import { noted } from '@/server/providers/kubernetes/verbs/ledger';
import { checkRegion, type Platform } from '@/server/providers/kubernetes/verbs/platform';
import { ANNOTATIONS, FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import { type JobRef, type Operation, ProviderError } from '@/server/providers/provider';

/** Ends the job's pods and keeps the job, so that it can still be said what became of it. */
export async function cancelJob(platform: Platform, operation: Operation, ref: JobRef): Promise<void> {
  checkRegion(platform, ref.region);
  if (await cancelExisting(platform, operation, ref)) return;
  try {
    await platform.api.create('Job', tombstoneFor(operation, ref), { fieldManager: FIELD_MANAGERS.jobs });
  } catch (error) {
    // Its start was on its way and came first.
    if (!(error instanceof ProviderError && error.code === 'conflict')) throw error;
    await cancelExisting(platform, operation, ref);
  }
}

async function cancelExisting(
  platform: Platform,
  operation: Operation,
  { region, name }: JobRef,
): Promise<boolean> {
  const found = await change(platform, 'Job', { namespace: region, name }, FIELD_MANAGERS.jobs, (job) => {
    if (hasEnded(job) || isCanceled(job)) return null;
    const annotations = { [ANNOTATIONS.canceled]: 'true', ...noted(job, operation, 'end') };
    return { metadata: { annotations }, spec: { suspend: true } };
  });
  return found !== null;
}
