import { z } from 'zod';
import { message } from '@/server/domain/message';
import { namedArtifactSchema } from '@/server/engine/clusters/artifact';
import { commandSchema, jobArtifact, jobPlace, jobShape, requireJobPlace } from '@/server/engine/jobs/config';
import { cancelJob, followJob, type JobKind, jobName, jobOperation } from '@/server/engine/jobs/follow';
import type { StageContext, StageType, TaskResult } from '@/server/engine/stages/stage';
import type { JobState } from '@/server/providers/provider';

const configSchema = z
  .object({
    ...jobShape,
    /** What the command is in; what the execution delivers when absent. */
    artifact: namedArtifactSchema.optional(),
    /** The artifact's own start command when absent. */
    command: commandSchema.default([]),
  })
  .superRefine(requireJobPlace);
type Config = z.infer<typeof configSchema>;

const KIND: JobKind<JobState> = { prefix: 'job', runner: (provider) => provider.jobs };

/** Runs a command of an artifact to its end, such as a migration or a test. */
export const runJob: StageType<Config> = {
  type: 'runJob',
  label: 'Run job',
  group: 'integrate',
  authorable: true,
  artifact: 'needs',
  configSchema,
  tasks: [
    { name: 'start', run: start },
    {
      name: 'await',
      run: (context) =>
        followJob(
          context,
          KIND,
          ({ region }) => message('engine.wait.job', { region }),
          (_, outputs) => ({ status: 'succeeded', outputs, log: [message('engine.did.ranJob')] }),
        ),
    },
  ],
  onCancel: [{ name: 'cancel', run: (context) => cancelJob(context, KIND) }],
};

async function start(context: StageContext<Config>): Promise<TaskResult> {
  const { config, execution, services } = context;
  const found = await jobPlace(context);
  if ('why' in found) return { status: 'errored', error: found.why };
  const chosen = await jobArtifact(context, config.artifact, found.place.environment);
  if ('why' in chosen) return { status: 'errored', error: chosen.why };
  const { account, region, secrets } = found.place;
  const { jobs } = await services.provider(account);
  if (!jobs) return { status: 'errored', error: message('engine.job.noJobs', { account }) };
  const name = jobName(context, KIND);
  await jobs.start(jobOperation(context, 'start'), {
    region,
    name,
    application: execution.application,
    artifact: chosen.artifact,
    command: config.command,
    config: { ...secrets, ...config.config },
    timeoutSeconds: config.timeoutSeconds,
  });
  const command = config.command.join(' ') || `${chosen.artifact.name} ${chosen.artifact.version}`;
  return {
    status: 'succeeded',
    outputs: { job: { account, region, name } },
    log: [message('engine.did.startedJob', { region, command: command.slice(0, 200) })],
  };
}
