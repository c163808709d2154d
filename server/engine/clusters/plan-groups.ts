import type { ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import type { Place, PlaceConfig } from '@/server/engine/clusters/place';
import { groupKeeper, type RegionGroups, readRegions } from '@/server/engine/clusters/plan-regions';
import { type GroupTarget, selectGroup } from '@/server/engine/clusters/selection';
import { stepStages } from '@/server/engine/clusters/step-stages';
import type { ChildStage, PlanResult, StageContext } from '@/server/engine/stages/stage';
import type { Step } from '@/server/strategies/strategy';

/** What a stage does with the group that is meant in each region. */
export interface GroupAct {
  step(group: ServerGroup, groups: readonly ServerGroup[]): Step;
  /** Why it may not be done with this group; nothing is touched then, in no region. */
  objection?(group: ServerGroup, place: Place, step: Step): Promise<Message | null>;
  /** When no region has such a group: an error for those that need it, nothing to do for those that take it away. */
  readonly whenNone: 'errored' | 'skipped';
}

type Config = PlaceConfig & { readonly target: GroupTarget };
type Meant = RegionGroups & { readonly group: ServerGroup | null };

/** Plans the same act with one group in every region. A region that has no such group is left as it is. */
export async function planGroups(context: StageContext<Config>, act: GroupAct): Promise<PlanResult> {
  const { target } = context.config;
  const read = await readRegions(context);
  if ('error' in read) return { status: 'errored', error: read.error };
  const meant = read.regions.map((one): Meant => ({ ...one, group: selectGroup(one.groups, target) }));
  const log = meant
    .filter(({ group }) => !group)
    .map(({ ref }) => message('engine.cluster.noSuchGroup', { region: ref.region }));
  const found = meant.flatMap(({ ref, groups, group }) => (group ? [{ ref, groups, group }] : []));
  if (found.length === 0) return nothingMeant(context, read.place, act.whenNone, log);
  const children: ChildStage[] = [];
  for (const { ref, groups, group } of found) {
    const step = act.step(group, groups);
    const objection = await act.objection?.(group, read.place, step);
    if (objection) return { status: 'errored', error: objection };
    children.push(...stepStages(ref, [step], null, []));
  }
  return { status: 'planned', children, log };
}

async function nothingMeant(
  context: StageContext<Config>,
  place: Place,
  whenNone: GroupAct['whenNone'],
  log: readonly Message[],
): Promise<PlanResult> {
  const { target } = context.config;
  const { cluster, regions } = place;
  const where = { cluster, regions: regions.join(', ') };
  if (typeof target === 'object') {
    const { serverGroup } = target;
    const keeper = await groupKeeper(context, place, serverGroup);
    if (keeper)
      return { status: 'errored', error: message('engine.cluster.groupManaged', { serverGroup, ...keeper }) };
    return { status: 'errored', error: message('engine.cluster.unknownGroup', { ...where, serverGroup }) };
  }
  if (whenNone === 'skipped') return { status: 'skipped', log };
  return { status: 'errored', error: message('engine.cluster.noTarget', { ...where, target }) };
}
