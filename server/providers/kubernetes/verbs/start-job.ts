import { change } from '@/server/providers/kubernetes/verbs/change';
import { isTombstone, jobFor } from '@/server/providers/kubernetes/verbs/job-objects';
import { isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { checkDnsLabel } from '@/server/providers/kubernetes/verbs/names';
import { checkRegion, type Platform } from '@/server/providers/kubernetes/verbs/platform';
import { keptTemplate } from '@/server/providers/kubernetes/verbs/pod-template';
import { FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import { type JobSpec, type Operation, ProviderError } from '@/server/providers/provider';

/** How jobs of an application run is kept apart from how its instances do: a job has no probes. */
const KEPT_SUFFIX = '-job';

export async function startJob(platform: Platform, operation: Operation, spec: JobSpec): Promise<void> {
  const { region, name, application } = spec;
  checkRegion(platform, region);
  checkDnsLabel(name, 'job');
  const known = await change(platform, 'Job', { namespace: region, name }, FIELD_MANAGERS.jobs, (job) => {
    if (isTombstone(job))
      throw new ProviderError('conflict', `job ${name} was cancelled before it was started`);
    if (standingOf(job, operation) === 'new')
      throw new ProviderError('conflict', `job ${name} already exists in ${region}`);
    if (isNoted(job, operation)) return null;
    return { metadata: { annotations: noted(job, operation, 'creation') } };
  });
  if (known) return;
  const kept = await keptTemplate(platform, region, [`${application}${KEPT_SUFFIX}`]);
  const draft = jobFor(platform, operation, spec, kept);
  await platform.api.create('Job', draft, { fieldManager: FIELD_MANAGERS.jobs });
}
