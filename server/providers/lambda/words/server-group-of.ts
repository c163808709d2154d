import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import { SERVERLESS_CAPACITY } from '@/server/domain/units';
import { type Mark, markIn } from '@/server/providers/lambda/words/mark';
import { sharesOf } from '@/server/providers/lambda/words/routing';

/** Names the server group within what runs, and makes each version one of its own: AWS does not publish the same twice. */
export const GROUP_VARIABLE = 'SIGNALBOX_SERVER_GROUP';

type Shares = ReadonlyMap<string, number>;

/** The alias's shares by version; of an alias that is not there, none. */
export function sharesIn(alias: Parameters<typeof sharesOf>[0] | null): Shares {
  return alias ? sharesOf(alias) : new Map();
}

/** A version that we published, or one of somebody else. */
export function serverGroupOf(
  account: string,
  region: string,
  alias: string,
  version: FunctionConfiguration,
  shares: Shares,
): ServerGroup {
  const mark = markIn(version.Description);
  return mark
    ? { ...ourGroup(account, region, version, mark, shares), measuredBy: measuredBy(version, alias) }
    : foreignGroup(account, region, version, shares);
}

/** As CloudWatch names the dimensions of what an alias calls. */
function measuredBy(
  { FunctionName = '', Version = '' }: FunctionConfiguration,
  alias: string,
): Record<string, string> {
  return { functionName: FunctionName, resource: `${FunctionName}:${alias}`, executedVersion: Version };
}

function ourGroup(
  account: string,
  region: string,
  version: FunctionConfiguration,
  mark: Mark,
  shares: Shares,
): ServerGroup {
  const revision = version.Version ?? '';
  const { serverGroup: name, application, artifact, loadBalancer } = mark;
  const parsed = parseServerGroupName(name);
  return {
    ...common(account, region, version),
    application,
    cluster: parsed?.cluster ?? version.FunctionName ?? '',
    name,
    sequence: parsed?.sequence ?? null,
    artifact: { ...artifact, digest: digestOf(version) },
    // One that stands behind nothing is only called by its number, and nobody can keep callers from that.
    enabled: loadBalancer === null || shares.has(revision),
    traffic: loadBalancer === null ? 0 : (shares.get(revision) ?? 0),
    loadBalancers: loadBalancer === null ? [] : [loadBalancer],
  };
}

/** Named as AWS qualifies it: `resize-images:7`. */
function foreignGroup(
  account: string,
  region: string,
  version: FunctionConfiguration,
  shares: Shares,
): ServerGroup {
  const cluster = version.FunctionName ?? '';
  const revision = version.Version ?? '';
  const share = shares.get(revision) ?? 0;
  return {
    ...common(account, region, version),
    application: parseServerGroupName(cluster)?.application ?? cluster,
    cluster,
    name: `${cluster}:${revision}`,
    sequence: null,
    artifact: { name: cluster, version: revision, digest: digestOf(version) },
    enabled: shares.size === 0 || share > 0,
    traffic: share,
    loadBalancers: share > 0 ? [cluster] : [],
    managedBy: { kind: 'AWS Lambda', name: cluster },
  };
}

function common(account: string, region: string, version: FunctionConfiguration) {
  const variables = Object.keys(version.Environment?.Variables ?? {});
  return {
    account,
    region,
    capacity: SERVERLESS_CAPACITY,
    instances: [],
    serverless: {
      state: stateOf(version),
      reason: version.StateReason ?? version.LastUpdateStatusReason ?? null,
      revision: version.Version ?? '',
    },
    createdAt: timeOf(version.LastModified),
    configKeys: variables.filter((name) => name !== GROUP_VARIABLE).toSorted(),
  };
}

/** States that AWS adds one day are taken for waiting. */
function stateOf({ State }: FunctionConfiguration): NonNullable<ServerGroup['serverless']>['state'] {
  switch (State) {
    case 'Active':
      return 'active';
    case 'Inactive':
      return 'idle';
    case 'Failed':
      return 'failed';
    default:
      return 'pending';
  }
}

/** AWS writes the digest of a zip in base64 and that of an image in hexadecimal. */
export function digestOf({ CodeSha256 = '' }: FunctionConfiguration): string {
  const hex = /^[0-9a-f]{64}$/.test(CodeSha256)
    ? CodeSha256
    : Buffer.from(CodeSha256, 'base64').toString('hex');
  return `sha256:${hex}`;
}

/** AWS writes `+0000` for UTC, which JavaScript's dates do not take everywhere. */
function timeOf(lastModified = ''): string {
  const time = new Date(lastModified.replace(/\+0000$/, 'Z'));
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
