/** What AWS takes as the name of a function. */
const FUNCTION_NAME = /^[\w-]{1,64}$/;

/** Why there can be no function for a cluster of this name; null when there can. */
export function clusterNameObjection(_application: string, cluster: string): string | null {
  if (FUNCTION_NAME.test(cluster)) return null;
  return `"${cluster}" cannot be the name of a function: letters, digits, hyphens and underscores, at most 64`;
}
