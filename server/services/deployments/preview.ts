import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { accounts, type environments } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { maskText } from '@/server/domain/mask';
import { nextSequence, serverGroupName } from '@/server/domain/naming';
import type { DeploymentPreview, RegionPreview } from '@/server/domain/views/execution';
import { type Provider, ProviderError } from '@/server/providers/provider';
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
  if (!provider.previewServerGroup)
    return { region, serverGroup: null, changes: null, why: null, able: false };
  const { account, application, cluster, capacity } = place;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  try {
    const groups = await provider.describeCluster({ account, region, application, cluster }, limit);
    const serverGroup = serverGroupName(
      cluster,
      nextSequence(groups.flatMap((group) => group.sequence ?? [])),
    );
    const changes = await provider.previewServerGroup(
      {
        region,
        application,
        cluster,
        name: serverGroup,
        artifact,
        capacity,
        config: Object.fromEntries(Object.keys(place.config).map((key) => [key, HIDDEN])),
        loadBalancers: [cluster],
        enabled: false,
      },
      limit,
    );
    const values = Object.values(place.config);
    const masked = changes.map((change) => ({
      ...change,
      before: change.before === null ? null : maskText(change.before, values),
      after: change.after === null ? null : maskText(change.after, values),
    }));
    return { region, serverGroup, changes: masked, why: null, able: true };
  } catch (error) {
    if (!(error instanceof ProviderError) && !limit.aborted) throw error;
    const why = error instanceof ProviderError ? error.message : `${account} did not answer in time.`;
    return { region, serverGroup: null, changes: null, why, able: true };
  }
}
