import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { artifacts } from '@/db/schema';
import type { ArtifactRef, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { readEnvironment } from '@/server/engine/clusters/environment';
import { registerArtifact } from '@/server/engine/clusters/register-artifact';
import { vetoObjection } from '@/server/engine/clusters/veto';
import type { StageContext, StageType } from '@/server/engine/stages/stage';

const SELECT = ['newest', 'oldest', 'largest', 'onlyOne'] as const;

const configSchema = z
  .object({
    /** Takes what runs there. */
    environment: z.string().meta({ widget: 'environment' }).optional(),
    /** Only groups in traffic are looked at. */
    onlyEnabled: z.boolean().default(true),
    /** Which group, when several run different artifacts; onlyOne fails then. */
    select: z.enum(SELECT).default('newest'),
    /** Or takes the newest published version of this artifact. */
    artifact: z.string().meta({ widget: 'artifact' }).optional(),
    /** Only versions that begin like this, e.g. `1.4.`. */
    versionPrefix: z.string().max(100).default(''),
    /** Where to look for it on the platform itself, such as among machine images; what was published when absent. */
    account: z.string().meta({ widget: 'account' }).optional(),
    region: z.string().meta({ widget: 'region' }).optional(),
    /** What the platform must have noted on it. */
    platformTags: z.record(z.string().min(1), z.string()).default({}),
  })
  .refine(({ environment, artifact }) => (environment === undefined) !== (artifact === undefined), {
    message: 'name an environment to take what runs there, or an artifact to take its newest version',
    path: ['environment'],
  })
  .refine(({ account, artifact }) => account === undefined || artifact !== undefined, {
    message: 'name the artifact to look for in the account',
    path: ['artifact'],
  })
  .refine(({ account, region }) => (account === undefined) === (region === undefined), {
    message: 'an account and one of its regions go together',
    path: ['region'],
  })
  .refine(({ account, platformTags: tags }) => account !== undefined || Object.keys(tags).length === 0, {
    message: 'only what is on a platform has tags: name an account',
    path: ['platformTags'],
  });
type Config = z.infer<typeof configSchema>;

type Found = { readonly artifact: ArtifactRef } | { readonly why: Message };

/** Finds the artifact to deliver: what runs in an environment, or the newest one, published or on a platform. */
export const findArtifact: StageType<Config> = {
  type: 'findArtifact',
  label: 'Find artifact',
  group: 'deliver',
  authorable: true,
  artifact: 'gives',
  configSchema,
  tasks: [
    {
      name: 'find',
      async run(context) {
        const { environment, account } = context.config;
        const found =
          environment !== undefined
            ? await running(context, environment)
            : await (account === undefined ? newestPublished(context) : newestThere(context, account));
        if ('why' in found) return { status: 'errored', error: found.why };
        const { name, version, digest } = found.artifact;
        const veto = await vetoObjection(context.services.db, found.artifact);
        if (veto) return { status: 'errored', error: veto };
        return {
          status: 'succeeded',
          delivers: found.artifact,
          outputs: { name, version, digest },
          log: [message('engine.did.foundArtifact', { name, version })],
        };
      },
    },
  ],
};

async function running(context: StageContext<Config>, name: string): Promise<Found> {
  const { execution, services, config } = context;
  const { application } = execution;
  const environment = await readEnvironment(services.db, application, name);
  if (!environment)
    return { why: message('engine.deploy.unknownEnvironment', { application, environment: name }) };
  const { account, cluster, regions } = environment;
  const provider = await services.provider(account);
  const found = await Promise.all(
    regions.map((region) =>
      provider.describeCluster({ account, region, application, cluster }, context.signal),
    ),
  );
  const groups = found.flat().filter((group) => group.enabled || !config.onlyEnabled);
  const digests = new Set(groups.map((group) => group.artifact.digest));
  const [chosen] = groups.toSorted(ORDER[config.select]);
  if (!chosen) return { why: message('engine.artifact.nothingRuns', { cluster }) };
  if (config.select === 'onlyOne' && digests.size > 1)
    return { why: message('engine.artifact.several', { cluster, count: digests.size }) };
  return { artifact: chosen.artifact };
}

const byAge = (a: ServerGroup, b: ServerGroup) => a.createdAt.localeCompare(b.createdAt);
const ORDER: Readonly<Record<(typeof SELECT)[number], (a: ServerGroup, b: ServerGroup) => number>> = {
  newest: (a, b) => byAge(b, a),
  onlyOne: (a, b) => byAge(b, a),
  oldest: byAge,
  largest: (a, b) => b.capacity.desired - a.capacity.desired || byAge(b, a),
};

async function newestPublished({ services, config }: StageContext<Config>): Promise<Found> {
  const name = config.artifact ?? '';
  const rows = await services.db
    .select({ name: artifacts.name, version: artifacts.version, digest: artifacts.digest })
    .from(artifacts)
    .where(eq(artifacts.name, name))
    .orderBy(desc(artifacts.createdAt), desc(artifacts.version));
  const found = rows.find((row) => row.version.startsWith(config.versionPrefix));
  if (found) return { artifact: found };
  return { why: message('engine.artifact.notPublished', { name, prefix: config.versionPrefix }) };
}

/** The newest on the platform, which is known here from then on. */
async function newestThere(context: StageContext<Config>, account: string): Promise<Found> {
  const { services, config, signal, execution } = context;
  const { artifact: name = '', region = '', platformTags: tags, versionPrefix: prefix } = config;
  const { findArtifacts } = await services.provider(account);
  if (!findArtifacts) return { why: message('engine.artifact.noneKept', { account }) };
  const there = await findArtifacts({ region, name, tags }, signal);
  const found = there.find(({ version }) => version.startsWith(prefix));
  if (!found) return { why: message('engine.artifact.notThere', { name, prefix, account, region }) };
  if (await registerArtifact(services.db, found, { foundIn: `${account} ${region}`, foundBy: execution.id }))
    return { artifact: found };
  return { why: message('engine.job.otherContent', { name, version: found.version }) };
}
