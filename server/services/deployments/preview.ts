import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { accounts, type environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef, ServerGroup } from '@/server/domain/inventory';
import { maskText } from '@/server/domain/mask';
import { nextSequence, serverGroupName } from '@/server/domain/naming';
import type { DeploymentPreview, RegionPreview } from '@/server/domain/views/execution';
import {
  type ObjectChange,
  type Provider,
  ProviderError,
  type ServerGroupSpec,
} from '@/server/providers/provider';
import { loadProvider } from '@/server/services/accounts/load-provider';
import { findArtifact } from '@/server/services/artifacts/find';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { findDeployEnvironment } from '@/server/services/deployments/find-environment';
import { startDeploymentInput } from '@/server/services/deployments/start';

const PATIENCE_MS = 15_000;
/** Stands for a configuration value: what is shown to anyone who may look holds none of them. */
const HIDDEN = '•••';

export const previewDeploymentInput = startDeploymentInput.omit({ idempotencyKey: true });
type Place = typeof environments.$inferSelect;

/** What a deploy would write in each region, as the platform would take it. Nothing is changed. */
export async function previewDeployment(
  ctx: ServiceContext,
  input: z.output<typeof previewDeploymentInput>,
): Promise<DeploymentPreview> {
  requirePermission(ctx, 'read');
  const { name, version, digest } = await findArtifact(ctx.db, input.artifact, input.version);
  const place = await findDeployEnvironment(ctx.db, input);
  const [account] = await ctx.db.select().from(accounts).where(eq(accounts.name, place.account));
  if (!account) throw new AppError('not_found', `There is no account "${place.account}".`);
  const { provider } = await loadProvider(account);
  const artifact = { name, version, digest };
  const regions = await Promise.all(
    place.regions.map((region) => previewRegion(provider, place, region, artifact)),
  );
  return { application: place.application, environment: place.name, account: account.name, version, regions };
}

async function previewRegion(
  provider: Provider,
  place: Place,
  region: string,
  artifact: ArtifactRef,
): Promise<RegionPreview> {
  const preview = provider.previewServerGroup?.bind(provider);
  if (!preview) return { region, serverGroup: null, changes: null, why: null, able: false };
  const { account, application, cluster } = place;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  try {
    const groups = await provider.describeCluster({ account, region, application, cluster }, limit);
    const spec = specOf(place, region, artifact, groups);
    const changes = await preview(spec, limit);
    const leader = leaderOf(groups);
    // Asked for under the new name, so that only what the versions make of it differs.
    const serving = leader
      ? await preview({ ...spec, artifact: leader.artifact, capacity: leader.capacity }, limit).catch(
          () => [],
        )
      : [];
    return {
      region,
      serverGroup: spec.name,
      changes: changes.map((change) => shown(place, change, leader, serving)),
      why: null,
      able: true,
    };
  } catch (error) {
    if (!(error instanceof ProviderError) && !limit.aborted) throw error;
    const why = error instanceof ProviderError ? error.message : `${account} did not answer in time.`;
    return { region, serverGroup: null, changes: null, why, able: true };
  }
}

function specOf(
  { application, cluster, capacity, config }: Place,
  region: string,
  artifact: ArtifactRef,
  groups: readonly ServerGroup[],
): ServerGroupSpec {
  const sequence = nextSequence(groups.flatMap((group) => group.sequence ?? []));
  return {
    region,
    application,
    cluster,
    name: serverGroupName(cluster, sequence),
    artifact,
    capacity,
    config: Object.fromEntries(Object.keys(config).map((key) => [key, HIDDEN])),
    loadBalancers: [cluster],
    enabled: false,
  };
}

/** The group that takes most traffic; null when none does. */
function leaderOf(groups: readonly ServerGroup[]): ServerGroup | null {
  const taking = groups.filter((group) => group.traffic > 0);
  return taking.toSorted((a, b) => b.traffic - a.traffic)[0] ?? null;
}

function shown(
  place: Place,
  { kind, name, before, after }: ObjectChange,
  leader: ServerGroup | null,
  serving: readonly ObjectChange[],
): NonNullable<RegionPreview['changes']>[number] {
  const values = Object.values(place.config);
  const masked = (text: string | null) => (text === null ? null : maskText(text, values));
  const text = masked(serving.find((one) => one.kind === kind && one.name === name)?.after ?? null);
  return {
    kind,
    name,
    before: masked(before),
    after: masked(after),
    serving: leader && text !== null ? { version: leader.artifact.version, text } : null,
  };
}
