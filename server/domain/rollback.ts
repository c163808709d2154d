import type { ServerGroup } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';

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
 * What a rollback of a cluster does, region by region. It goes from what takes traffic to the newest
 * earlier group with another artifact. Where regions run different artifacts (a deploy went through
 * one of them), only those with the youngest leader are rolled back.
 */
export function planRollback(
  regions: readonly string[],
  groups: readonly ServerGroup[],
  vetoes: Vetoes,
): RegionRollback[] {
  const leaders = regions.map((region) => ({ region, from: leaderOf(groups, region) }));
  const youngest = leaders.flatMap(({ from }) => from ?? []).toSorted(newestFirst)[0];
  return leaders.map(({ region, from }) => {
    const here = groups.filter((group) => group.region === region);
    const no = (why: Message): RegionRollback => ({ region, from, to: null, why });
    if (here.length === 0) return no(message('rollback.why.noServerGroups'));
    if (!from || !youngest) return no(message('rollback.why.nothingTakesTraffic'));
    if (from.artifact.digest !== youngest.artifact.digest) {
      return no(message('rollback.why.otherVersion', { version: from.artifact.version }));
    }
    const earlier = here
      .filter((group) => isEarlier(group, from) && group.artifact.digest !== from.artifact.digest)
      .toSorted(newestFirst);
    const to = earlier.find((group) => !vetoes.has(group.artifact.digest));
    if (to) return { region, from, to, why: null };
    const vetoed = earlier[0];
    if (!vetoed) return no(message('rollback.why.noEarlierGroup'));
    const { by = '', reason = '' } = vetoes.get(vetoed.artifact.digest) ?? {};
    return no(message('rollback.why.vetoed', { version: vetoed.artifact.version, by, reason }));
  });
}

/** The youngest group that takes traffic: when old and new share it, the new one is what came last. */
function leaderOf(groups: readonly ServerGroup[], region: string): ServerGroup | null {
  const taking = groups.filter((group) => group.region === region && group.traffic > 0);
  return taking.toSorted(newestFirst)[0] ?? null;
}

/** By creation, because sequence numbers wrap; by sequence within the same moment. */
function newestFirst(a: ServerGroup, b: ServerGroup): number {
  return b.createdAt.localeCompare(a.createdAt) || (b.sequence ?? 0) - (a.sequence ?? 0);
}

function isEarlier(group: ServerGroup, than: ServerGroup): boolean {
  return newestFirst(group, than) > 0;
}
