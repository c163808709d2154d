/** Names the right to change a cluster, which one stage has at a time. */
export function clusterSlotKey(account: string, cluster: string): string {
  return `cluster:${account}/${cluster}`;
}
