import { z } from 'zod';
import type { ServerGroup } from '@/server/domain/inventory';
import type { Step, Strategy, Wanted } from '@/server/strategies/strategy';

const optionsSchema = z.strictObject({
  /** Server groups that stay, the new one included. */
  keep: z.number().int().min(1).max(20).default(2),
  /** Both serve side by side for so long before the old ones leave. */
  delayBeforeDisableSeconds: z.number().int().min(0).max(86_400).default(0),
  /** Saves the instances of kept groups; a rollback then takes as long as they need to start. */
  scaleDownKept: z.boolean().default(false),
});

/**
 * Blue/green: the new group goes in beside the old, which then leaves traffic but stays, so that
 * going back is only a matter of traffic.
 *
 * What is already out of traffic and too many is destroyed first, what still serves is let go last.
 * So an interrupted plan leaves the groups worth keeping recognisable: they are those that serve.
 */
export const redblack: Strategy<z.infer<typeof optionsSchema>> = {
  kind: 'redblack',
  label: 'Red/black (blue/green)',
  optionsSchema,
  needs: [],
  plan(observed, wanted, options) {
    const ranked = byWorth(observed, wanted);
    const kept = ranked.slice(0, options.keep - 1);
    const surplus = ranked.slice(options.keep - 1);
    const serving = ranked.filter((group) => group.enabled);
    const wait: Step[] =
      options.delayBeforeDisableSeconds > 0 && serving.length > 0
        ? [{ type: 'wait', seconds: options.delayBeforeDisableSeconds }]
        : [];
    return [
      { type: 'createServerGroup', serverGroup: wanted.serverGroup, enabled: false },
      { type: 'enableServerGroup', serverGroup: wanted.serverGroup },
      ...surplus.filter((group) => !group.enabled).map(destroy),
      ...wait,
      ...surplus.filter((group) => group.enabled).flatMap((group) => [disable(group), destroy(group)]),
      ...kept.filter((group) => group.enabled).map(disable),
      ...(options.scaleDownKept ? kept.filter((group) => group.capacity.desired > 0).map(scaleDown) : []),
    ];
  },
};

/**
 * What one would most like to go back to comes first: another artifact than the new one, then what
 * serves, then what has healthy instances, then the newest.
 */
function byWorth(observed: readonly ServerGroup[], wanted: Wanted): ServerGroup[] {
  const worth = (group: ServerGroup) => [
    group.artifact.digest === wanted.artifact.digest ? 0 : 1,
    group.enabled ? 1 : 0,
    group.instances.some((instance) => instance.health === 'healthy') ? 1 : 0,
  ];
  return observed
    .map((group, age) => ({ group, worth: [...worth(group), age] }))
    .toSorted(
      (a, b) =>
        b.worth.map((part, i) => part - (a.worth[i] ?? 0)).find((difference) => difference !== 0) ?? 0,
    )
    .map(({ group }) => group);
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
