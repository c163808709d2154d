import { z } from 'zod';
import type { ArtifactRef } from '@/server/domain/inventory';
import { message } from '@/server/domain/message';
import { slugSchema } from '@/server/domain/pipeline';
import { namedArtifactSchema } from '@/server/engine/clusters/artifact';
import { registerArtifact } from '@/server/engine/clusters/register-artifact';
import { commandSchema, jobArtifact, jobPlace, jobShape, requireJobPlace } from '@/server/engine/jobs/config';
import { cancelJob, followJob, type JobKind, jobName, jobOperation } from '@/server/engine/jobs/follow';
import type { StageContext, StageType, TaskResult } from '@/server/engine/stages/stage';
import type { BakeState } from '@/server/providers/provider';

const configSchema = z
  .object({
    ...jobShape,
    /** What it is made from; what the execution delivers when absent. */
    from: namedArtifactSchema.optional(),
    /** Name of the new artifact; the old one's when absent. */
    name: slugSchema.meta({ widget: 'artifact' }).optional(),
    /** Version of the new artifact. */
    version: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/, 'use letters, digits, dots, underscores and hyphens'),
    /** Run within a copy of the old artifact; what is there afterwards is the new one. */
    command: commandSchema.min(1),
  })
  .superRefine(requireJobPlace);
type Config = z.infer<typeof configSchema>;

const KIND: JobKind<BakeState> = { prefix: 'bake', runner: (provider) => provider.bakery };

const plannedSchema = z.object({
  bake: z.object({ from: z.string(), name: z.string(), version: z.string() }),
});

/** Makes a new artifact from another by running a command in it; from then on the execution delivers it. */
export const bake: StageType<Config> = {
  type: 'bake',
  label: 'Bake',
  group: 'deliver',
  authorable: true,
  artifact: 'gives',
  configSchema,
  tasks: [
    { name: 'start', run: start },
    {
      name: 'await',
      run: (context) =>
        followJob(
          context,
          KIND,
          ({ region }) => {
            const { name, version } = planned(context);
            return message('engine.wait.bake', { region, name, version });
          },
          ({ artifact }, outputs) =>
            artifact ? publish(context, artifact, outputs) : { status: 'errored', error: lost(context) },
        ),
    },
  ],
  onCancel: [{ name: 'cancel', run: (context) => cancelJob(context, KIND) }],
};

async function start(context: StageContext<Config>): Promise<TaskResult> {
  const { config, execution, services } = context;
  const found = await jobPlace(context);
  if ('why' in found) return { status: 'errored', error: found.why };
  const chosen = await jobArtifact(context, config.from);
  if ('why' in chosen) return { status: 'errored', error: chosen.why };
  const { account, region } = found.place;
  const { bakery } = await services.provider(account);
  if (!bakery) return { status: 'errored', error: message('engine.job.noBakery', { account }) };
  const job = jobName(context, KIND);
  const into = { name: config.name ?? chosen.artifact.name, version: config.version };
  await bakery.start(jobOperation(context, 'start'), {
    region,
    name: job,
    application: execution.application,
    from: chosen.artifact,
    into,
    command: config.command,
    // Not the environment's: an artifact goes to all of them, and its configuration is bound when it is deployed.
    config: config.config,
    timeoutSeconds: config.timeoutSeconds,
  });
  const from = `${chosen.artifact.name} ${chosen.artifact.version}`;
  const command = config.command.join(' ').slice(0, 200);
  return {
    status: 'succeeded',
    outputs: { job: { account, region, name: job }, bake: { from, ...into } },
    log: [message('engine.did.startedBake', { region, from, ...into, command })],
  };
}

/** Makes the result known. A version that people published with other content meanwhile stays what it is. */
async function publish(
  context: StageContext<Config>,
  artifact: ArtifactRef,
  outputs: Readonly<Record<string, unknown>>,
): Promise<TaskResult> {
  const { db } = context.services;
  const { name, version, digest } = artifact;
  const metadata = { bakedFrom: planned(context).from, bakedBy: context.execution.id };
  const isOurs = await registerArtifact(db, artifact, metadata);
  if (!isOurs) return { status: 'errored', error: message('engine.job.otherContent', { name, version }) };
  return {
    status: 'succeeded',
    delivers: artifact,
    outputs: { ...outputs, name, version, digest },
    log: [message('engine.did.baked', { name, version, digest })],
  };
}

function planned({ stage }: StageContext) {
  return plannedSchema.parse(stage.outputs).bake;
}

function lost(context: StageContext) {
  const { name, version } = planned(context);
  return message('engine.job.lost', { reason: `it says that ${name} ${version} is baked, but not as what` });
}
