import { randomBytes } from 'node:crypto';
import type { ArtifactRef } from '@/server/domain/inventory';
import { CloudError } from '@/server/local-cloud/errors';
import { jobLog, jobOutputs } from '@/server/local-cloud/jobs/output';
import type { Operation } from '@/server/local-cloud/operations';
import { type CloudState, type JobRecord, resourceKey } from '@/server/local-cloud/state';
import { checkConfig, checkRegion } from '@/server/local-cloud/verbs/checks';
import type { Platform } from '@/server/local-cloud/views';

export interface JobRef {
  /** Bakes and other jobs do not share names. */
  readonly kind: 'job' | 'bake';
  readonly region: string;
  readonly name: string;
}

export interface JobSpec extends JobRef {
  readonly application: string;
  readonly artifact: ArtifactRef;
  readonly into: { readonly name: string; readonly version: string } | null;
  readonly command: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface JobView {
  readonly status: 'running' | 'succeeded' | 'failed' | 'canceled';
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly log: string;
  readonly outputs: Record<string, unknown>;
  /** What a bake has made. */
  readonly artifact: ArtifactRef | null;
}

/** Names of withdrawn jobs that are remembered: more than can be on their way at once. */
const REMEMBERED = 500;

/** @throws CloudError `conflict` when another operation has taken the name, or withdrawn it. */
export async function startJob(platform: Platform, operation: Operation, spec: JobSpec): Promise<void> {
  await change(platform, operation, (draft) => {
    checkRegion(platform, spec.region);
    checkConfig(spec.config);
    const { manifest } = platform.library.get(spec.artifact);
    if (find(draft, spec))
      throw new CloudError('conflict', `${spec.kind} ${spec.name} already exists in ${spec.region}`);
    if (draft.withdrawnJobs.includes(keyOf(spec)))
      throw new CloudError('conflict', `${spec.kind} ${spec.name} was canceled before it was started`);
    const { region, name, application, artifact, into, timeoutSeconds } = spec;
    draft.jobs.push({
      id: `j-${randomBytes(5).toString('hex')}`,
      region,
      name,
      application,
      artifact,
      into,
      command: [...(spec.command.length > 0 ? spec.command : manifest.command)],
      config: { ...spec.config },
      timeoutSeconds,
      startedAt: new Date().toISOString(),
      stopping: null,
      ended: null,
    });
  });
}

/**
 * Missing is success, and so is one that has ended: whoever wants it to stop has it stopped. One that is
 * missing will not start any more: its start may be on its way, from a worker that nobody waits for.
 */
export async function cancelJob(platform: Platform, operation: Operation, ref: JobRef): Promise<void> {
  await change(platform, operation, (draft) => {
    const job = find(draft, ref);
    if (!job) draft.withdrawnJobs = [...draft.withdrawnJobs, keyOf(ref)].slice(-REMEMBERED);
    else if (!job.ended) job.stopping = 'cancel';
  });
}

/** @throws CloudError `not_found` for a job that never was, or is long forgotten. */
export function describeJob(platform: Platform, ref: JobRef): JobView {
  const job = find(platform.store.current, ref);
  if (!job) throw new CloudError('not_found', `${ref.kind} ${ref.name} does not exist in ${ref.region}`);
  const { folders } = platform;
  const stdout = folders.stdout(job.id);
  return {
    status: job.ended?.status ?? 'running',
    exitCode: job.ended?.exitCode ?? null,
    reason: job.ended?.reason ?? null,
    startedAt: job.startedAt,
    endedAt: job.ended?.at ?? null,
    log: jobLog(stdout, folders.stderr(job.id)),
    outputs: job.ended ? jobOutputs(stdout) : {},
    artifact: job.ended?.artifact ?? null,
  };
}

async function change(
  platform: Platform,
  operation: Operation,
  verb: (draft: CloudState) => void,
): Promise<void> {
  const { replayed } = await platform.operations.perform(operation, () => Promise.resolve(), verb);
  if (!replayed) platform.jobs.reconcile();
}

function keyOf(ref: JobRef): string {
  return `${ref.kind}/${resourceKey(ref)}`;
}

function find(state: Readonly<CloudState>, ref: JobRef): JobRecord | undefined {
  return state.jobs.find(
    (job) => resourceKey(job) === resourceKey(ref) && (job.into !== null) === (ref.kind === 'bake'),
  );
}
