import type { z } from 'zod';
import type { ClusterRef, Inventory, ServerGroup } from '@/server/domain/inventory';
import type { InventoryAnswer, logAnswer } from '@/server/providers/local/api-types';

const LOG_CHARACTERS = 64 * 1024;

/** Says by which account everything was seen. */
export function toInventory(account: string, answer: InventoryAnswer): Inventory {
  return {
    serverGroups: answer.serverGroups.map((group) => ({ ...group, account })),
    loadBalancers: answer.loadBalancers.map((loadBalancer) => ({ ...loadBalancer, account })),
    firewalls: answer.firewalls.map((firewall) => ({ ...firewall, account })),
  };
}

/** The groups of one cluster, oldest first. */
export function groupsOf(inventory: Inventory, ref: ClusterRef): ServerGroup[] {
  return inventory.serverGroups
    .filter(
      (group) =>
        group.region === ref.region && group.application === ref.application && group.cluster === ref.cluster,
    )
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Output, then errors: they have at most half of the lines, for they would hide what was done before. */
export function joinedLog({ stdout, stderr }: z.infer<typeof logAnswer>, lines: number): string {
  const errors = stderr.slice(-Math.ceil(lines / 2));
  const left = lines - errors.length;
  return [...(left > 0 ? stdout.slice(-left) : []), ...errors].join('\n').slice(-LOG_CHARACTERS);
}
