import type { ClusterRef, Inventory, ServerGroup } from '@/server/domain/inventory';
import type { InventoryAnswer } from '@/server/providers/local/api-types';

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
