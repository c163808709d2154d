import { outputsIn } from '@/server/domain/job-outputs';
import {
  conditionOf,
  isCanceled,
  isTombstone,
  type Job,
} from '@/server/providers/kubernetes/verbs/job-objects';
import { checkRegion, type Platform, type Pod, refOf } from '@/server/providers/kubernetes/verbs/platform';
import { mainContainer } from '@/server/providers/kubernetes/verbs/pod-template';
import { tail } from '@/server/providers/kubernetes/verbs/tail';
import { LABELS, selectorOf } from '@/server/providers/kubernetes/words/labels';
import type { JobRef, JobState } from '@/server/providers/provider';

const LOG_LINES = 1_000;
const LOG_BYTES = 16 * 1024;
/** What a process that is killed ends with: of a pod that is gone, its deadline is all that is known. */
const KILLED = 137;

/** Null for a job that is not there, and for one that was cancelled before it was started. */
export async function describeJob(
  platform: Platform,
  { region, name }: JobRef,
  signal?: AbortSignal,
): Promise<JobState | null> {
  checkRegion(platform, region);
  const job = await platform.api.get('Job', { namespace: region, name }, signal);
  if (!job || isTombstone(job)) return null;
  const status = statusOf(job);
  const startedAt = instant(job.status?.startTime ?? job.metadata?.creationTimestamp);
  const running = { exitCode: null, reason: null, startedAt, endedAt: null, log: '', outputs: {} };
  // Whoever waits asks often, and reads the log when there is an end to explain.
  if (status === 'running') return { ...running, status };
  const pod = await newestPod(platform, { region, name }, signal);
  const log = pod ? await logOf(platform, pod, signal) : '';
  return {
    status,
    exitCode: status === 'canceled' ? null : exitCodeOf(job, pod),
    reason: reasonOf(job, pod),
    startedAt,
    endedAt: endOf(job),
    log: tail(log, LOG_BYTES),
    outputs: status === 'succeeded' ? outputsIn(log) : {},
  };
}

function statusOf(job: Job): JobState['status'] {
  if (conditionOf(job, 'Complete')) return 'succeeded';
  if (conditionOf(job, 'Failed')) return 'failed';
  const stillThere = (job.status?.active ?? 0) + (job.status?.terminating ?? 0) > 0;
  return isCanceled(job) && !stillThere ? 'canceled' : 'running';
}

function exitCodeOf(job: Job, pod: Pod | undefined): number | null {
  const said = terminatedOf(pod)?.exitCode;
  if (said !== undefined) return said;
  if (conditionOf(job, 'Complete')) return 0;
  return isOverTime(job, pod) ? KILLED : null;
}

/** In the platform's words, the most telling ones first. */
function reasonOf(job: Job, pod: Pod | undefined): string | null {
  const failed = conditionOf(job, 'Failed');
  if (!failed) return null;
  if (isOverTime(job, pod)) return `DeadlineExceeded: ${pod?.status?.message ?? failed.message ?? ''}`.trim();
  const terminated = terminatedOf(pod);
  if (terminated)
    return terminated.message ?? `${terminated.reason ?? 'Error'}: exit code ${terminated.exitCode}`;
  return pod?.status?.message ?? failed.message ?? failed.reason ?? 'Failed';
}

function isOverTime(job: Job, pod: Pod | undefined): boolean {
  const deadline = 'DeadlineExceeded';
  return pod?.status?.reason === deadline || conditionOf(job, 'Failed')?.reason === deadline;
}

function terminatedOf(pod: Pod | undefined) {
  const main = mainContainer(pod?.spec?.containers ?? [])?.name;
  return pod?.status?.containerStatuses?.find(({ name }) => name === main)?.state?.terminated;
}

function endOf(job: Job): string {
  const ended = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed') ?? conditionOf(job, 'Suspended');
  return instant(job.status?.completionTime ?? ended?.lastTransitionTime);
}

async function newestPod({ api }: Platform, { region, name }: JobRef, signal?: AbortSignal) {
  const labelSelector = selectorOf({ [LABELS.job]: name });
  const { items } = await api.list('Pod', { namespace: region, labelSelector }, signal);
  return items.toSorted((one, other) => createdAt(other) - createdAt(one))[0];
}

function createdAt({ metadata }: Pod): number {
  return Date.parse(metadata?.creationTimestamp ?? '') || 0;
}

async function logOf({ api }: Platform, pod: Pod, signal?: AbortSignal): Promise<string> {
  const container = mainContainer(pod.spec?.containers ?? [])?.name;
  return api.log(refOf(pod), { container, lines: LOG_LINES }, signal);
}

/** As everything else here carries a time. The API leaves milliseconds out. */
function instant(time: string | undefined): string {
  return new Date(time ?? 0).toISOString();
}
