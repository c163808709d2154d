import type { Capacity, ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import { healthyIn } from '@/server/domain/units';

/** Long enough to find out what was wrong, short enough not to be forgotten. */
export const PIN_HOURS = 24;

/** Who does not want an artifact deployed and why, by digest. */
export type Vetoes = ReadonlyMap<string, { readonly by: string; readonly reason: string }>;

export interface RegionRollback {
  readonly region: string;
  readonly from: ServerGroup | null;
  /** Null when this region is not rolled back; `why` says why. */
  readonly to: ServerGroup | null;
  readonly why: Message | null;
}

/**
 * What a rollback of a cluster does, region by region. It goes from what takes traffic to the earlier group with
 * another artifact that takes most of the traffic beside it, else to the newest earlier one. Where regions run
 * different artifacts (a deploy went through one of them), only those with the youngest leader are rolled back; one
 * that has lost all that it had gets what the others go back to.
 *
 * @param only digests that are taken back, and nothing else is; whatever came last when absent.
 */
export function planRollback(
  regions: readonly string[],
  groups: readonly ServerGroup[],
  vetoes: Vetoes,
  only?: ReadonlySet<string>,
): RegionRollback[] {
  const leaders = regions.map((region) => ({ region, from: leaderOf(groups, region) }));
  const youngest = leaders
    .flatMap(({ from }) => from ?? [])
    .filter(({ artifact }) => only?.has(artifact.digest) ?? true)
    .toSorted(newestFirst)[0];
  const plans = leaders.map(({ region, from }) => {
    const here = groups.filter((group) => group.region === region);
    const no = (why: Message): RegionRollback => ({ region, from, to: null, why });
    if (here.length === 0) return no(message('rollback.why.noServerGroups'));
    if (!from) return no(message('rollback.why.nothingTakesTraffic'));
    if (from.artifact.digest !== youngest?.artifact.digest) {
      return no(message('rollback.why.otherVersion', { version: from.artifact.version }));
    }
    return planRegion(region, from, here, vetoes);
  });
  const digest = plans.find((plan) => plan.to)?.to?.artifact.digest;
  return plans.map((plan) => (plan.from || digest === undefined ? plan : followOthers(plan, groups, digest)));
}

function planRegion(
  region: string,
  from: ServerGroup,
  here: readonly ServerGroup[],
  vetoes: Vetoes,
): RegionRollback {
  const earlier = here
    .filter((group) => isEarlier(group, from) && group.artifact.digest !== from.artifact.digest)
    .toSorted((a, b) => b.traffic - a.traffic || newestFirst(a, b));
  const to = earlier.find((group) => !vetoes.has(group.artifact.digest));
  if (to) return { region, from, to, why: null };
  const no = (why: Message): RegionRollback => ({ region, from, to: null, why });
  const vetoed = earlier[0];
  if (!vetoed) return no(message('rollback.why.noEarlierGroup'));
  const { by = '', reason = '' } = vetoes.get(vetoed.artifact.digest) ?? {};
  return no(message('rollback.why.vetoed', { version: vetoed.artifact.version, by, reason }));
}

/** Where nothing serves any more, a group of the version that the others go back to and that stands by. */
function followOthers(plan: RegionRollback, groups: readonly ServerGroup[], digest: string): RegionRollback {
  const [to] = groups
    .filter(({ region, artifact }) => region === plan.region && artifact.digest === digest)
    .filter((group) => healthyIn(group) > 0)
    .toSorted(newestFirst);
  return to ? { ...plan, to, why: null } : plan;
}

/**
 * The youngest group that takes traffic: when old and new share it, the new one is what came last. Where none is well
 * enough to take any, the youngest that should.
 */
function leaderOf(groups: readonly ServerGroup[], region: string): ServerGroup | null {
  const here = groups.filter((group) => group.region === region).toSorted(newestFirst);
  return here.find((group) => group.traffic > 0) ?? here.find((group) => group.enabled) ?? null;
}

/** By creation, because sequence numbers wrap; by sequence within the same moment. */
function newestFirst(a: ServerGroup, b: ServerGroup): number {
  return b.createdAt.localeCompare(a.createdAt) || (b.sequence ?? 0) - (a.sequence ?? 0);
}

function isEarlier(group: ServerGroup, than: ServerGroup): boolean {
  return newestFirst(group, than) > 0;
}

/**
 * How many instances the group that is gone back to needs: as many as serve now; where nothing does, a group without
 * instances gets what the environment wants.
 * @param leaving what loses its traffic to it.
 */
export function neededSize(
  target: Pick<ServerGroup, 'capacity'>,
  leaving: readonly Pick<ServerGroup, 'capacity'>[],
  normal: Capacity | undefined,
): number {
  const serving = Math.max(0, ...leaving.map((group) => group.capacity.desired));
  if (serving === 0 && target.capacity.desired === 0) return normal?.desired ?? 0;
  return target.capacity.desired < serving ? Math.max(serving, normal?.min ?? 0) : serving;
}
