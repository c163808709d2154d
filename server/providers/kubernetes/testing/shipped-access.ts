import { readFile } from '@/deploy/kubernetes/testing/manifests';
import {
  makeAccount,
  type PolicyRule,
  type TestCluster,
} from '@/server/providers/kubernetes/testing/cluster';

/** What `deploy/kubernetes/access` grants in each namespace of an account. */
export function deployerRules(): readonly PolicyRule[] {
  return rulesOf('access/deployer.yaml');
}

/** What it grants in the whole cluster. */
export function clusterRules(): readonly PolicyRule[] {
  return rulesOf('access/cluster.yaml');
}

/** A kubeconfig of an account that may do what is shipped for these namespaces, and nothing else. */
export function shippedAccount(
  cluster: Pick<TestCluster, 'rest' | 'kubeconfig' | 'scratch'>,
  namespaces: readonly [string, ...string[]],
): Promise<string> {
  return makeAccount(cluster, { namespaces, rules: deployerRules(), clusterRules: clusterRules() });
}

function rulesOf(file: string): readonly PolicyRule[] {
  const role = readFile(file).find(({ kind }) => kind === 'ClusterRole');
  // The API server takes it as a ClusterRole or the test ends there.
  return role?.rules as readonly PolicyRule[];
}

/** The rules one by one: `get pods`, `patch apps/replicasets`, `create pods/eviction`. */
export function grantsOf(rules: readonly PolicyRule[]): string[] {
  return rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => grant(verb, group, resource))),
    ),
  );
}

/** @param resource its plural, with the subresource behind a slash. */
export function grant(verb: string, group: string, resource: string): string {
  return `${verb} ${group === '' ? '' : `${group}/`}${resource}`;
}
