import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';

type HTTPRoute = ObjectOf<'HTTPRoute'>;
type Parent = NonNullable<NonNullable<HTTPRoute['status']>['parents']>[number];
type Condition = NonNullable<Parent['conditions']>[number];

/** The Gateways that a route is attached to, as `namespace/name`. */
export function gatewaysOf({ metadata, spec }: HTTPRoute): string[] {
  return (spec?.parentRefs ?? [])
    .filter(({ kind }) => (kind ?? 'Gateway') === 'Gateway')
    .map(({ namespace, name }) => `${namespace ?? metadata?.namespace ?? ''}/${name}`);
}

/**
 * Why requests do not come by this route, as the controllers of its Gateways say; null when they do, or nobody
 * speaks. One Gateway that takes it is enough. What was said of an earlier form of the route says nothing of it.
 */
export function routeTrouble({ metadata, status }: HTTPRoute): string | null {
  const { name = '', generation = 0 } = metadata ?? {};
  const parents = (status?.parents ?? []).map(({ conditions = [], ...parent }) => ({
    ...parent,
    conditions: conditions.filter(({ observedGeneration = generation }) => observedGeneration >= generation),
  }));
  const refused = parents.filter((parent) => isFalse(parent, 'Accepted'));
  const [first] = refused;
  if (first && refused.length === parents.length)
    return `Gateway ${first.parentRef?.name ?? ''} does not take HTTPRoute ${name}: ${saidBy(first, 'Accepted')}`;
  const torn = parents.find((parent) => isFalse(parent, 'ResolvedRefs'));
  return torn
    ? `Gateway ${torn.parentRef?.name ?? ''} does not find all that HTTPRoute ${name} sends requests to: ${saidBy(torn, 'ResolvedRefs')}`
    : null;
}

/**
 * Whether a controller that has spoken of this route before has not spoken of it as it is, and no other takes it so.
 * Of one that never spoke nothing is to be expected.
 */
export function isUnanswered({ metadata, status }: HTTPRoute): boolean {
  const { generation = 0 } = metadata ?? {};
  const parents = (status?.parents ?? []).map(({ conditions = [], ...parent }) => {
    const isOfNow = conditions.some(
      ({ observedGeneration = generation }) => observedGeneration >= generation,
    );
    return {
      isBehind: conditions.length > 0 && !isOfNow,
      takes: isOfNow && !isFalse({ ...parent, conditions }, 'Accepted'),
    };
  });
  return parents.some(({ isBehind }) => isBehind) && !parents.some(({ takes }) => takes);
}

/** What to say of a Gateway that is not there. */
export function missingGateway(key: string): string {
  const [namespace, name] = key.split('/');
  return `There is no Gateway ${name} in namespace ${namespace}: create it, or name another in the account.`;
}

function conditionOf({ conditions = [] }: Parent, type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

function isFalse(parent: Parent, type: string): boolean {
  return conditionOf(parent, type)?.status === 'False';
}

/** `NoMatchingParent (no listener of this name)`, as far as it is said. */
function saidBy(parent: Parent, type: string): string {
  const { reason = 'no reason given', message = '' } = conditionOf(parent, type) ?? {};
  return message === '' ? reason : `${reason} (${message})`;
}
