import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import { shares } from '@/server/domain/shares';
import { DESCRIPTION_LIMIT, digestOf, opened, sealed } from '@/server/providers/lambda/words/mark';
import { type Operation, ProviderError } from '@/server/providers/provider';

/**
 * What an alias says: which versions it calls, and in its description what was asked of it. Both are written at once,
 * so that an operation that stands there has had all of its effect.
 */
export interface Routing {
  /** One or two versions with their shares; a share of zero is allowed, and its version counts as enabled. */
  readonly shares: ReadonlyMap<string, number>;
  /** Relative weights that were asked for, by version; also of versions that are not enabled yet. */
  readonly asked: Readonly<Record<string, number>>;
  /** Who has acted, oldest first. */
  readonly operations: readonly Entry[];
}

interface Entry {
  readonly id: string;
  readonly fence: number;
}

/** What AWS is told. */
export interface AliasTarget {
  readonly FunctionVersion: string;
  readonly RoutingConfig: { readonly AdditionalVersionWeights: Record<string, number> };
  readonly Description: string;
}

/** What an alias routes to at most. */
const MOST_VERSIONS = 2;
const KEPT_OPERATIONS = 10;
const KEPT_WEIGHTS = 4;

/** Of a function whose alias is not there yet. */
export const NO_ROUTING: Routing = { shares: new Map(), asked: {}, operations: [] };

export function routingOf(alias: AliasConfiguration | null): Routing {
  if (!alias?.FunctionVersion) return NO_ROUTING;
  const fields = opened(alias.Description) ?? {};
  return {
    shares: sharesOf(alias),
    asked: weightsIn(fields.weights),
    operations: (fields.by ?? '').split(',').flatMap((entry) => {
      const [id, fence] = entry.split(':');
      return id && fence !== undefined ? [{ id, fence: Number(fence) }] : [];
    }),
  };
}

/** By version; the first is that of the alias itself, which gets what the additional one leaves. */
export function sharesOf(alias: AliasConfiguration): Map<string, number> {
  const additional = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  const left = 1 - additional.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map([[alias.FunctionVersion ?? '', rounded(left)], ...additional]);
}

/**
 * Whether the operation has acted: `done` by this very lease, `acted` by an older one.
 * @throws ProviderError `fenced` when a newer lease did.
 */
export function standingOf({ operations }: Routing, { id, fence }: Operation): 'new' | 'acted' | 'done' {
  const entry = operations.find((one) => one.id === digestOf(id));
  if (!entry) return 'new';
  if (fence < entry.fence)
    throw new ProviderError('fenced', `operation ${id} was taken over by fence ${entry.fence}`);
  return fence === entry.fence ? 'done' : 'acted';
}

/**
 * @param ours versions that we published: those of others give way, for nobody could ever take them out here.
 * @throws ProviderError `conflict` when the alias already calls two others of ours.
 */
export function admitted(routing: Routing, version: string, ours: ReadonlySet<string>): Routing {
  const enabled = [...routing.shares.keys()].filter((one) => ours.has(one));
  if (enabled.includes(version)) return routing;
  if (enabled.length >= MOST_VERSIONS)
    throw new ProviderError(
      'conflict',
      'An alias of Lambda shares requests between two versions at most. Disable one of the two that get them now.',
    );
  return shared(routing, [...enabled, version], routing.asked);
}

/** @throws ProviderError `conflict` for the only version that the alias calls. */
export function dismissed(routing: Routing, version: string): Routing {
  const asked = without(routing.asked, version);
  if (!routing.shares.has(version)) return { ...routing, asked };
  const others = [...routing.shares.keys()].filter((one) => one !== version);
  if (others.length === 0)
    throw new ProviderError(
      'conflict',
      'An alias of Lambda always calls a version, and it calls only this one. Enable another server group first.',
    );
  return shared(routing, others, asked);
}

/**
 * @param ours versions that we published.
 * @throws ProviderError `invalid` when more than two are to get requests, `conflict` when the alias calls a version of
 * somebody else: it came there after our own, so nobody here has decided that it goes.
 */
export function weighted(
  routing: Routing,
  asked: Readonly<Record<string, number>>,
  ours: ReadonlySet<string>,
): Routing {
  const theirs = [...routing.shares.keys()].find((one) => !ours.has(one));
  if (theirs !== undefined)
    throw new ProviderError(
      'conflict',
      `Somebody else has pointed the alias at version ${theirs}, so no shares can be given. Deploy again to take it over.`,
    );
  if (Object.values(asked).filter((weight) => weight > 0).length > MOST_VERSIONS)
    throw new ProviderError(
      'invalid',
      'An alias of Lambda shares requests between two versions at most. Give a weight to no more than two server groups.',
    );
  return shared(routing, [...routing.shares.keys()], asked);
}

function shared(
  routing: Routing,
  enabled: readonly string[],
  asked: Readonly<Record<string, number>>,
): Routing {
  const members = enabled.map((serverGroup) => ({ serverGroup, enabled: true, healthyInstances: 1 }));
  return { ...routing, shares: shares(members, asked), asked };
}

/** What to write: the version with the larger share is the alias's own, and of equals the one that is it now. */
export function targetOf(routing: Routing, { id, fence }: Operation): AliasTarget {
  const [own, second] = [...routing.shares].toSorted(([, a], [, b]) => b - a);
  if (!own) throw new ProviderError('conflict', 'The alias is not there yet: no server group was enabled.');
  const digest = digestOf(id);
  const operations = [
    ...routing.operations.filter((entry) => entry.id !== digest),
    { id: digest, fence },
  ].slice(-KEPT_OPERATIONS);
  return {
    FunctionVersion: own[0],
    RoutingConfig: { AdditionalVersionWeights: second ? { [second[0]]: rounded(second[1]) } : {} },
    Description: described(routing.asked, operations),
  };
}

function described(asked: Readonly<Record<string, number>>, operations: readonly Entry[]): string {
  const weights = Object.entries(asked).toSorted(([, a], [, b]) => b - a);
  const weightsText = weights
    .slice(0, KEPT_WEIGHTS)
    .map(([version, weight]) => `${version}:${Number(weight.toPrecision(6))}`)
    .join(',');
  // The oldest operations are the first that nobody asks about any more.
  for (let from = 0; ; from++) {
    const by = operations
      .slice(from)
      .map((entry) => `${entry.id}:${entry.fence}`)
      .join(',');
    const text = sealed({ ...(weightsText === '' ? {} : { weights: weightsText }), by });
    if (text.length <= DESCRIPTION_LIMIT || from >= operations.length) return text;
  }
}

function weightsIn(text: string | undefined): Record<string, number> {
  const pairs = (text ?? '').split(',').flatMap((pair): [string, number][] => {
    const [version, weight] = pair.split(':');
    return version && weight !== undefined && Number.isFinite(Number(weight))
      ? [[version, Number(weight)]]
      : [];
  });
  return Object.fromEntries(pairs);
}

function without(weights: Readonly<Record<string, number>>, version: string): Record<string, number> {
  return Object.fromEntries(Object.entries(weights).filter(([one]) => one !== version));
}

/** A float's dust is no share. */
function rounded(share: number): number {
  return Number(share.toFixed(6));
}
