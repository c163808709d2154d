import { processEnvironment } from '@/server/local-cloud/instances/environment';
import type { JobRecord } from '@/server/local-cloud/state';

/** Everything a job sees. */
export function jobEnvironment(job: JobRecord, scratch: string, owner: string): Record<string, string> {
  return processEnvironment({ scratch, owner }, job.config, {
    SIGNALBOX_REGION: job.region,
    SIGNALBOX_APPLICATION: job.application,
    SIGNALBOX_JOB: job.name,
    SIGNALBOX_ARTIFACT_VERSION: job.artifact.version,
    ...(job.into === null
      ? {}
      : { SIGNALBOX_BAKE_NAME: job.into.name, SIGNALBOX_BAKE_VERSION: job.into.version }),
  });
}
