import { z } from 'zod';
import type { ServerGroup } from '@/server/domain/inventory';
import { healthyIn } from '@/server/domain/units';
import type { Step, Wanted } from '@/server/strategies/strategy';

/** What becomes of the groups that a new one replaces; shared by the strategies that keep some. */
export const retireShape = {
  /** Server groups that stay, the new one included. */
  keep: z.number().int().min(1).max(20).default(2),
  /** Both serve side by side for so long before the old ones leave. */
  delayBeforeDisableSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
  /** Saves the instances of kept groups; a rollback then takes as long as they need to start. */
  scaleDownKept: z.boolean().default(false),
  /** How long a kept group stands by at full size before it is scaled down. */
  delayBeforeScaleDownSeconds: z.number().int().min(0).max(86_400).meta({ widget: 'seconds' }).default(0),
};
const retireSchema = z.object(retireShape);
export type RetireOptions = z.infer<typeof retireSchema>;

/**
 * Takes the old groups out of traffic once the new one serves, and keeps those worth going back to.
 *
 * What is already out of traffic and too many is destroyed first, what still serves is let go last.
 * So an interrupted plan leaves the groups worth keeping recognisable: they are those that serve.
 */
export function retire(observed: readonly ServerGroup[], wanted: Wanted, options: RetireOptions): Step[] {
  const ranked = byWorth(observed, wanted);
  const kept = ranked.slice(0, options.keep - 1);
  // The least worth goes first: what stands for an artifact outlives its others, and the ranking stays what it is.
  const surplus = ranked.slice(options.keep - 1).toReversed();
  const serves = ranked.some((group) => group.enabled);
  const small = options.scaleDownKept
    ? kept.filter((group) => !group.serverless && group.capacity.desired > 0)
    : [];
  return [
    ...surplus.filter((group) => !group.enabled).map(destroy),
    ...pause(serves ? options.delayBeforeDisableSeconds : 0),
    ...surplus.filter((group) => group.enabled).flatMap((group) => [disable(group), destroy(group)]),
    ...kept.filter((group) => group.enabled).map(disable),
    ...pause(small.length > 0 ? options.delayBeforeScaleDownSeconds : 0),
    ...small.map(scaleDown),
  ];
}

/**
 * What one would most like to go back to comes first: what is not vetoed before all else, because nothing goes back to
 * what is; then another artifact than the new one, then one group of each artifact, then what serves, then what has
 * healthy instances, then the newest. Of further groups of an artifact the oldest comes first: a late one may be a
 * baseline that was only there to be compared with.
 */
function byWorth(observed: readonly ServerGroup[], wanted: Wanted): ServerGroup[] {
  const worth = (group: ServerGroup, age: number) => {
    const mayReturn = wanted.vetoed.includes(group.artifact.digest) ? 0 : 1;
    const other = group.artifact.digest === wanted.artifact.digest ? 0 : 1;
    return observed.some((one, at) => stands(one, at, group, age))
      ? [mayReturn, other, 0, -age]
      : [mayReturn, other, 1, ...merits(group), age];
  };
  return inOrder(observed.map((group, age) => ({ group, worth: worth(group, age) })));
}

function inOrder(ranked: { group: ServerGroup; worth: number[] }[]): ServerGroup[] {
  return ranked
    .toSorted((a, b) => b.worth.map((part, i) => part - (a.worth[i] ?? 0)).find((more) => more !== 0) ?? 0)
    .map(({ group }) => group);
}

/** Whether the one stands for the artifact of the other, too: it has more merits, or as many for longer. */
function stands(one: ServerGroup, at: number, group: ServerGroup, age: number): boolean {
  if (at === age || one.artifact.digest !== group.artifact.digest) return false;
  const better = merits(one).map((part, i) => part - (merits(group)[i] ?? 0));
  return (better.find((more) => more !== 0) ?? age - at) > 0;
}

function merits(group: ServerGroup): number[] {
  return [group.enabled ? 1 : 0, healthyIn(group) > 0 ? 1 : 0];
}

export function pause(seconds: number): Step[] {
  return seconds > 0 ? [{ type: 'wait', seconds }] : [];
}

function disable(group: ServerGroup): Step {
  return { type: 'disableServerGroup', serverGroup: group.name };
}

function destroy(group: ServerGroup): Step {
  return { type: 'destroyServerGroup', serverGroup: group.name };
}

function scaleDown(group: ServerGroup): Step {
  return {
    type: 'resizeServerGroup',
    serverGroup: group.name,
    capacity: { min: 0, desired: 0, max: group.capacity.max },
  };
}
