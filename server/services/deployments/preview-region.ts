import { z } from 'zod';
import type { environments } from '@/db/schema';
import { artifactRefSchema, capacitySchema, type ServerGroup } from '@/server/domain/inventory';
import type { RegionPreview } from '@/server/domain/views/execution';
import type { StageOutlook } from '@/server/engine/outlook/outlook';
import {
  type ObjectChange,
  type Provider,
  ProviderError,
  type ServerGroupSpec,
} from '@/server/providers/provider';

/** Stands for a configuration value: what is shown to anyone who may look holds none of them. */
const HIDDEN = '•••';

type Place = typeof environments.$inferSelect;
type Change = NonNullable<RegionPreview['changes']>[number];

const creationSchema = z.object({
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  serverGroup: z.string(),
  artifact: artifactRefSchema,
  capacity: capacitySchema,
  loadBalancers: z.array(z.string()),
  enabled: z.boolean(),
});
export type Creation = z.infer<typeof creationSchema>;

/** The server groups that the stages would create for the environment, at the size they begin with. */
export function creationsIn(stages: readonly StageOutlook[], { account, cluster }: Place): Creation[] {
  return stages
    .flatMap(({ steps }) => steps ?? [])
    .filter(({ type }) => type === 'createServerGroup')
    .map(({ config }) => creationSchema.parse(config))
    .filter((one) => one.account === account && one.cluster === cluster);
}

/** What the platform would be given for the new server groups of a region, as it would take it. */
export async function previewRegion(
  provider: Provider,
  place: Place,
  region: string,
  creations: readonly Creation[],
  limit: AbortSignal,
): Promise<RegionPreview> {
  const serverGroup = creations.at(-1)?.serverGroup ?? null;
  const preview = provider.previewServerGroup?.bind(provider);
  const { name: environment, account, application, cluster } = place;
  const where = { environment, account, region, serverGroup };
  if (!preview) return { ...where, changes: null, why: null, able: false };
  try {
    const groups = await provider.describeCluster({ account, region, application, cluster }, limit);
    const leader = leaderOf(groups);
    const changes = new Map<string, Change>();
    for (const creation of creations) {
      const spec = specOf(place, creation);
      const written = await preview(spec, limit);
      // Asked for under the new name, so that only what the versions make of it differs.
      const serving = leader
        ? await preview({ ...spec, artifact: leader.artifact, capacity: leader.capacity }, limit).catch(
            () => [],
          )
        : [];
      // What is for all of them is written with the first.
      for (const change of written) {
        const key = `${change.kind}/${change.name}`;
        if (!changes.has(key)) changes.set(key, shown(change, leader, serving));
      }
    }
    return { ...where, changes: [...changes.values()], why: null, able: true };
  } catch (error) {
    if (!(error instanceof ProviderError) && !limit.aborted) throw error;
    const why = error instanceof ProviderError ? error.message : `${account} did not answer in time.`;
    return { ...where, changes: null, why, able: true };
  }
}

/** The platform is given no value, so that none can come back, in whatever place it would write them. */
function specOf({ application, config }: Place, creation: Creation): ServerGroupSpec {
  const { serverGroup: name, region, cluster, artifact, capacity, loadBalancers, enabled } = creation;
  const values = Object.fromEntries(Object.keys(config).map((key) => [key, HIDDEN]));
  return { region, application, cluster, name, artifact, capacity, config: values, loadBalancers, enabled };
}

/** The group that takes most traffic; null when none does. */
function leaderOf(groups: readonly ServerGroup[]): ServerGroup | null {
  const taking = groups.filter((group) => group.traffic > 0);
  return taking.toSorted((a, b) => b.traffic - a.traffic)[0] ?? null;
}

function shown(
  { kind, name, before, after }: ObjectChange,
  leader: ServerGroup | null,
  serving: readonly ObjectChange[],
): Change {
  const text = serving.find((one) => one.kind === kind && one.name === name)?.after ?? null;
  return {
    kind,
    name,
    before,
    after,
    serving: leader && text !== null ? { version: leader.artifact.version, text } : null,
  };
}
