import type { Draft } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import { noted } from '@/server/providers/kubernetes/verbs/ledger';
import { labelValue } from '@/server/providers/kubernetes/verbs/names';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import {
  jobTemplate,
  MAIN_CONTAINER,
  type PodTemplate,
} from '@/server/providers/kubernetes/verbs/pod-template';
import { ANNOTATIONS, APP_LABELS, LABELS, MANAGED_BY } from '@/server/providers/kubernetes/words/labels';
import type { JobRef, JobSpec, Operation } from '@/server/providers/provider';

export type Job = ObjectOf<'Job'>;

/** A finished job is looked up again after restarts and outages, and then by nobody. */
const KEPT_SECONDS = 86_400;
/** The pod's own deadline leaves log and exit code; the job's comes later, for a pod that never started. */
const LATER_SECONDS = 40;

export function jobFor(
  platform: Pick<Platform, 'config'>,
  operation: Operation,
  spec: JobSpec,
  kept: PodTemplate | null,
): Draft<'Job'> {
  const { region, name, application, artifact, timeoutSeconds } = spec;
  const version = labelValue(artifact.version);
  const labels = {
    [LABELS.job]: name,
    [LABELS.application]: application,
    [APP_LABELS.name]: application,
    ...(version ? { [APP_LABELS.version]: version } : {}),
    [APP_LABELS.managedBy]: MANAGED_BY,
  };
  const annotations = {
    [ANNOTATIONS.artifactName]: artifact.name,
    [ANNOTATIONS.artifactVersion]: artifact.version,
    [ANNOTATIONS.artifactDigest]: artifact.digest,
    ...noted(null, operation, 'creation'),
  };
  return {
    metadata: { namespace: region, name, labels, annotations },
    spec: {
      // Whether to try again is for the pipeline to say.
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutSeconds + LATER_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: jobTemplate(platform, spec, kept, labels),
    },
  };
}

/** Stands under the name of a job that was cancelled before it began, so that a late start finds it taken. */
export function tombstoneFor(operation: Operation, { region, name }: JobRef): Draft<'Job'> {
  const labels = { [LABELS.job]: name, [APP_LABELS.managedBy]: MANAGED_BY };
  const annotations = {
    [ANNOTATIONS.canceled]: 'true',
    [ANNOTATIONS.tombstone]: 'true',
    ...noted(null, operation, 'end'),
  };
  return {
    metadata: { namespace: region, name, labels, annotations },
    spec: {
      suspend: true,
      template: {
        metadata: { labels },
        spec: { restartPolicy: 'Never', containers: [{ name: MAIN_CONTAINER, image: 'never-started' }] },
      },
    },
  };
}

export function isTombstone({ metadata }: Job): boolean {
  return metadata?.annotations?.[ANNOTATIONS.tombstone] === 'true';
}

export function isCanceled({ metadata }: Job): boolean {
  return metadata?.annotations?.[ANNOTATIONS.canceled] === 'true';
}

export function conditionOf(job: Job, type: 'Complete' | 'Failed' | 'Suspended') {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

export function hasEnded(job: Job): boolean {
  return conditionOf(job, 'Complete') !== undefined || conditionOf(job, 'Failed') !== undefined;
}
