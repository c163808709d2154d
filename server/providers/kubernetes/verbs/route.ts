import { parseServerGroupName } from '@/server/domain/naming';
import type { Draft } from '@/server/providers/kubernetes/client/api';
import { OwnedByOthers } from '@/server/providers/kubernetes/client/errors';
import type { ObjectOf, RouteBackend } from '@/server/providers/kubernetes/client/objects';
import { overConflicts } from '@/server/providers/kubernetes/verbs/change';
import { enabledGroup, groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import { type Aspect, isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { type Platform, type Weights, weightsOf } from '@/server/providers/kubernetes/verbs/platform';
import { backendsFor } from '@/server/providers/kubernetes/verbs/traffic-plan';
import { ANNOTATIONS, FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import { type LoadBalancerRef, type Operation, ProviderError } from '@/server/providers/provider';

/** Who gets requests of a load balancer, and how they were told to be shared. */
export interface Routing {
  readonly groups: readonly string[];
  readonly weights: Weights;
}

type HTTPRoute = ObjectOf<'HTTPRoute'>;
type Rule = NonNullable<NonNullable<HTTPRoute['spec']>['rules']>[number];

/**
 * Changes who gets requests, in one write that moves all of them at once.
 * @param decide from what is routed now and which groups there are to what shall be.
 */
export async function changeRoute(
  platform: Platform,
  operation: Operation,
  of: Aspect,
  { region, name }: LoadBalancerRef,
  decide: (now: Routing, behind: readonly string[]) => Routing,
): Promise<void> {
  const ref = { namespace: region, name };
  const read = () => platform.api.get('HTTPRoute', ref);
  await overConflicts(
    async () => {
      const route = await read();
      if (!route) throw new ProviderError('not_found', `HTTPRoute ${name} does not exist in ${region}`);
      const version = route.metadata?.resourceVersion;
      const body = await nextRoute(platform, operation, of, route, decide);
      return {
        version,
        write: async () => {
          if (body) await applyRoute(platform, body);
        },
      };
    },
    async () => (await read())?.metadata?.resourceVersion,
  );
}

/**
 * What somebody has edited, by whatever client, is taken over, for it must not stand in the way of a rollback. A
 * controller would write it back, so its hold is respected.
 */
async function applyRoute({ api }: Platform, body: Draft<'HTTPRoute'>): Promise<void> {
  const fieldManager = FIELD_MANAGERS.traffic;
  try {
    await api.apply('HTTPRoute', body, { fieldManager });
  } catch (error) {
    const mayTake = error instanceof OwnedByOthers && !error.managers.some(isController);
    if (!mayTake) throw error;
    await api.apply('HTTPRoute', body, { fieldManager, force: true });
  }
}

/** What keeps writing what it holds goes by such names; anything else is a client in somebody's hand. */
function isController(manager: string): boolean {
  return /argo|flux|controller|operator|helm|crossplane|config-sync|rancher|fleet/i.test(manager);
}

/** Null when it is so already, or another operation has come after this one. */
async function nextRoute(
  platform: Platform,
  operation: Operation,
  of: Aspect,
  route: HTTPRoute,
  decide: (now: Routing, behind: readonly string[]) => Routing,
) {
  const { namespace = '', name = '', resourceVersion } = route.metadata ?? {};
  if (standingOf(route, operation) === 'over') return null;
  const behind = await groupsBehind(platform, { region: namespace, name });
  const next = decide(routingOf(route), behind.map(nameOf));
  const groups = behind.filter((group) => next.groups.includes(nameOf(group))).map(enabledGroup);
  const rules = withBackends(route, backendsFor(groups, next.weights, platform.config.port));
  const weights = JSON.stringify(next.weights);
  const same =
    JSON.stringify(rules) === JSON.stringify(route.spec?.rules) &&
    (route.metadata?.annotations?.[ANNOTATIONS.weights] ?? '{}') === weights;
  if (same && isNoted(route, operation)) return null;
  const annotations = { [ANNOTATIONS.weights]: weights, ...noted(route, operation, of) };
  return { metadata: { namespace, name, resourceVersion, annotations }, spec: { rules } };
}

export function routingOf(route: HTTPRoute): Routing {
  const backends = (route.spec?.rules ?? []).filter(isOfGroups).flatMap((rule) => rule.backendRefs ?? []);
  return { groups: [...new Set(backends.map(({ name }) => name))], weights: weightsOf(route) };
}

/** Everything else that people put into the rules stays, and rules for backends of theirs stay whole. */
function withBackends(route: HTTPRoute, wanted: readonly RouteBackend[]): Rule[] {
  const rules = route.spec?.rules ?? [];
  if (!rules.some(isOfGroups)) return [...rules, { backendRefs: [...wanted] }];
  return rules.map((rule) => {
    if (!isOfGroups(rule)) return rule;
    const known = new Map(rule.backendRefs?.map((backend) => [backend.name, backend]));
    return { ...rule, backendRefs: wanted.map((backend) => ({ ...known.get(backend.name), ...backend })) };
  });
}

/** A rule that answers by itself, as a redirect does, has no backends either and may have none. */
function isOfGroups({ backendRefs = [], filters }: Rule): boolean {
  const redirects = JSON.stringify(filters ?? []).includes('"RequestRedirect"');
  return !redirects && backendRefs.every(({ name }) => parseServerGroupName(name)?.sequence != null);
}
