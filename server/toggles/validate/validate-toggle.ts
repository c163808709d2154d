import type { FlagIssue, Segment, Toggle, ToggleDefinition } from '@/server/domain/toggles';
import { readsWholeContext } from '@/server/toggles/environment/variant-expression';
import { referenceCycle } from '@/server/toggles/references';
import { noVariant } from '@/server/toggles/validate/results';
import { evaluatorIssues } from '@/server/toggles/validate/validate-evaluators';
import { checkFlag } from '@/server/toggles/validate/validate-flag';

/** Toggles that need toggles that need toggles: what a person can still follow, and what targeting can hold. */
export const MAX_PREREQUISITE_CHAIN = 5;

/** What a toggle may refer to. */
export interface Surroundings {
  /** All toggles of the same application; the one in question may be among them. */
  readonly toggles: readonly Toggle[];
  readonly segments: readonly Segment[];
}

/**
 * What is wrong with a toggle whose shape is right (`toggleSchema`), in all of its environments: to be empty before it
 * is stored. Paths begin at the toggle: `environments.prod.targeting.if[0].in`.
 */
export function toggleIssues(toggle: Toggle, { toggles, segments }: Surroundings): FlagIssue[] {
  const others = toggles.filter(({ key }) => key !== toggle.key);
  // First, so that a circle is told from here on.
  const all = new Map([toggle, ...others].map((one) => [one.key, one]));
  const evaluators = Object.fromEntries(segments.map(({ key, condition }) => [key, condition]));
  const base = checkFlag(toggle.key, { state: 'ENABLED', variants: toggle.variants });
  if (!base.ok) return [...base.issues];
  return Object.entries(toggle.environments).flatMap(([environment, definition]) => {
    const path = `environments.${environment}`;
    const variants = Object.keys(toggle.variants);
    const served = [
      { path, set: definition },
      ...definition.schedule.map(({ set }, at) => ({ path: `${path}.schedule[${at}].set`, set })),
    ];
    const flags = served.flatMap(({ path: own, set }) => {
      const { defaultVariant = null, targeting } = set;
      const flag = {
        state: 'ENABLED',
        variants: toggle.variants,
        defaultVariant,
        ...(targeting && { targeting }),
      };
      const check = checkFlag(toggle.key, flag, evaluators, own);
      return check.ok ? [] : [...check.issues];
    });
    return [
      ...flags,
      ...offIssues(definition, variants, path),
      ...prerequisiteIssues(toggle, environment, definition, all, path),
      ...dependentIssues(toggle, environment, definition, all, path),
    ];
  });
}

/** What is wrong with segments, as a whole; paths begin with the segment's key. */
export function segmentIssues(segments: readonly Segment[]): FlagIssue[] {
  const seen = new Set<string>();
  const doubled = segments.filter(({ key }) => seen.size === seen.add(key).size);
  if (doubled.length > 0) return doubled.map(({ key }) => ({ path: key, message: 'is there twice' }));
  const evaluators = Object.fromEntries(segments.map(({ key, condition }) => [key, condition]));
  return evaluatorIssues(evaluators, '').map((issue) => ({ ...issue, path: issue.path.replace(/^\./, '') }));
}

function offIssues(definition: ToggleDefinition, variants: readonly string[], path: string): FlagIssue[] {
  const { offVariant, prerequisites } = definition;
  if (offVariant !== null && !variants.includes(offVariant)) {
    return [{ path: `${path}.offVariant`, message: noVariant(offVariant, variants) }];
  }
  const message = 'is needed with prerequisites: choose what those get who do not meet them';
  return offVariant === null && prerequisites.length > 0 ? [{ path: `${path}.offVariant`, message }] : [];
}

function prerequisiteIssues(
  toggle: Toggle,
  environment: string,
  definition: ToggleDefinition,
  all: ReadonlyMap<string, Toggle>,
  path: string,
): FlagIssue[] {
  const own = definition.prerequisites.flatMap(({ toggle: key, variants }, at): FlagIssue[] => {
    const place = `${path}.prerequisites[${at}]`;
    const other = all.get(key);
    if (!other) return [{ path: `${place}.toggle`, message: `there is no toggle “${key}”` }];
    if (!Object.hasOwn(other.environments, environment)) {
      return [{ path: `${place}.toggle`, message: `“${key}” is not there in ${environment}` }];
    }
    return variants
      .map((name, index) => ({ name, index }))
      .filter(({ name }) => !Object.hasOwn(other.variants, name))
      .map(({ name, index }) => ({
        path: `${place}.variants[${index}]`,
        message: noVariant(name, Object.keys(other.variants)),
      }));
  });
  if (own.length > 0 || definition.prerequisites.length === 0) return own;
  const graph = prerequisiteGraph(all, environment);
  const cycle = referenceCycle(graph);
  if (cycle?.includes(toggle.key)) {
    return [{ path: `${path}.prerequisites`, message: `lead back to this toggle: ${cycle.join(' → ')}` }];
  }
  const chain = cycle ? 0 : chainLength(toggle.key, graph);
  const message = `are a chain of ${chain} toggles; at most ${MAX_PREREQUISITE_CHAIN} can be followed`;
  return chain > MAX_PREREQUISITE_CHAIN ? [{ path: `${path}.prerequisites`, message }] : [];
}

/** A toggle that others need must answer the same inside of their targeting. */
function dependentIssues(
  toggle: Toggle,
  environment: string,
  { targeting }: ToggleDefinition,
  all: ReadonlyMap<string, Toggle>,
  path: string,
): FlagIssue[] {
  const dependents = dependentsOf(toggle.key, [...all.values()], environment);
  if (dependents.length === 0 || !targeting || !readsWholeContext(targeting)) return [];
  const names = dependents.join(', ');
  return [
    {
      path: `${path}.targeting`,
      message: `reads the whole context, which a prerequisite of ${names} cannot`,
    },
  ];
}

/** Keys of the toggles that need this one in an environment. */
export function dependentsOf(key: string, toggles: readonly Toggle[], environment: string): string[] {
  return toggles
    .filter((one) => one.environments[environment]?.prerequisites.some(({ toggle }) => toggle === key))
    .map((one) => one.key);
}

function prerequisiteGraph(all: ReadonlyMap<string, Toggle>, environment: string): Map<string, string[]> {
  return new Map(
    [...all].map(([key, { environments }]) => [
      key,
      (environments[environment]?.prerequisites ?? []).map(({ toggle }) => toggle),
    ]),
  );
}

function chainLength(key: string, graph: ReadonlyMap<string, readonly string[]>): number {
  const lengths = new Map<string, number>();
  const lengthOf = (one: string): number => {
    const known = lengths.get(one);
    if (known !== undefined) return known;
    const length = 1 + Math.max(0, ...(graph.get(one) ?? []).map(lengthOf));
    lengths.set(one, length);
    return length;
  };
  // Itself is no link of the chain.
  return lengthOf(key) - 1;
}
