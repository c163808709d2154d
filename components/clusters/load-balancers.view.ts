import type { LoadBalancer } from '@/server/domain/inventory';

type Placed = Pick<LoadBalancer, 'name' | 'region' | 'account'>;

/** By name, then by place, whatever the order in which they were seen. */
export function inOrder<Each extends Placed>(all: readonly Each[]): Each[] {
  return all.toSorted(
    (a, b) =>
      a.name.localeCompare(b.name) || a.region.localeCompare(b.region) || a.account.localeCompare(b.account),
  );
}

/** The server groups that get requests, each always at the same place whatever its share. */
export function targetsOf({ targets }: Pick<LoadBalancer, 'targets'>): LoadBalancer['targets'] {
  return targets
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => a.serverGroup.localeCompare(b.serverGroup));
}
