import { z } from 'zod';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { artifactFor, type namedArtifactSchema, readArtifact } from '@/server/engine/clusters/artifact';
import { readEnvironment } from '@/server/engine/clusters/environment';
import { vetoObjection } from '@/server/engine/clusters/veto';
import type { StageContext } from '@/server/engine/stages/stage';

const AN_HOUR_SECONDS = 3_600;
const A_WEEK_SECONDS = 604_800;

/** Program and arguments, one each: no shell takes them apart. */
export const commandSchema = z.array(z.string()).max(200);

/** What stages that run a command have in common. */
export const jobShape = {
  /** Where it runs: in the account of an environment, or in an account. A job gets the environment's configuration. */
  environment: z.string().meta({ widget: 'environment' }).optional(),
  account: z.string().meta({ widget: 'account' }).optional(),
  /** The first of the environment's when absent. */
  region: z.string().meta({ widget: 'region' }).optional(),
  /** More variables for the command. They can be read by anyone who may see the pipeline. */
  config: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a variable name'), z.string())
    .default({}),
  /** The platform ends the command after so long. */
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(A_WEEK_SECONDS)
    .meta({ widget: 'seconds' })
    .default(AN_HOUR_SECONDS),
};
const jobSchema = z.object(jobShape);
export type JobConfig = z.infer<typeof jobSchema>;

/** For `superRefine` of a schema that has these fields. */
export function requireJobPlace(config: JobConfig, check: z.RefinementCtx): void {
  if (config.environment !== undefined && config.account !== undefined)
    check.addIssue({ code: 'custom', message: 'name an environment or an account', path: ['account'] });
  if (config.environment ?? (config.account && config.region)) return;
  const text = 'name an environment, or an account and a region';
  check.addIssue({ code: 'custom', message: text, path: ['environment'] });
}

export interface JobPlace {
  readonly account: string;
  readonly region: string;
  /** Configuration of the environment, to be shown to nobody. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Null when the stage names an account instead. */
  readonly environment: { readonly name: string; readonly artifact: string } | null;
}

/** Where a stage runs its command, or why it cannot. */
export async function jobPlace({
  config,
  execution,
  services,
}: StageContext<JobConfig>): Promise<{ readonly place: JobPlace } | { readonly why: Message }> {
  const { environment, account = '', region = '' } = config;
  if (environment === undefined) return { place: { account, region, secrets: {}, environment: null } };
  const { application } = execution;
  const row = await readEnvironment(services.db, application, environment);
  if (!row) return { why: message('engine.deploy.unknownEnvironment', { application, environment }) };
  const chosen = config.region ?? row.regions[0] ?? '';
  if (!row.regions.includes(chosen))
    return { why: message('engine.deploy.unknownRegion', { region: chosen, environment }) };
  return { place: { account: row.account, region: chosen, secrets: row.config, environment: row } };
}

/**
 * What the command runs in: what the stage names, else what the execution delivers; or why it may not.
 * @param environment whose form of the delivered version is meant; the delivered one itself when absent.
 */
export async function jobArtifact(
  { execution, services }: StageContext,
  named: z.infer<typeof namedArtifactSchema> | undefined,
  environment: JobPlace['environment'] = null,
): Promise<{ readonly artifact: ArtifactRef } | { readonly why: Message }> {
  const artifact = named ? await readArtifact(services.db, named) : execution.artifact;
  if (!artifact)
    return {
      why: named ? message('engine.deploy.unknownArtifact', named) : message('engine.job.noArtifact'),
    };
  const chosen = named || !environment ? { artifact } : await artifactFor(services.db, environment, artifact);
  if ('why' in chosen) return chosen;
  const veto = await vetoObjection(services.db, chosen.artifact);
  return veto ? { why: veto } : chosen;
}
