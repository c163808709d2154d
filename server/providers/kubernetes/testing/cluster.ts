import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { inject } from 'vitest';
import {
  makeNamespace as newNamespace,
  type TestNamespace,
} from '@/server/providers/kubernetes/testing/cluster-namespaces';
import type { Traits } from '@/server/providers/kubernetes/testing/cluster-traits';
import { kubeconfigOf } from '@/server/providers/kubernetes/testing/control-plane';
import { type Rest, restOf } from '@/server/providers/kubernetes/testing/rest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null when the run is not one of Kubernetes. */
    kubernetes: Omit<TestCluster, 'rest'> | null;
  }
}

/** The cluster of this run. Tests share it, each in namespaces of its own. */
export interface TestCluster extends Traits {
  readonly kubeconfig: string;
  readonly rest: Rest;
  /** Started for this run: it holds nothing else, and names in it are free. */
  readonly own: boolean;
  /** Where the programs of a control plane are, for a test that needs one of its own; empty when there are none. */
  readonly binaries: string;
  /** A folder that goes with the run. */
  readonly scratch: string;
  readonly run: string;
}

/** @throws Error outside `npm run test:conformance -- kubernetes`. */
export function testCluster(): TestCluster {
  const given = inject('kubernetes');
  if (!given) throw new Error('There is no cluster: run npm run test:conformance -- kubernetes.');
  return { ...given, rest: restOf(given.kubeconfig) };
}

/** A namespace in which pods can be created; it goes with the run at the latest. */
export function makeNamespace(rest: Rest): Promise<TestNamespace> {
  return newNamespace(rest, inject('kubernetes')?.run ?? 'none');
}

/** One rule of a ClusterRole. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/**
 * A kubeconfig of a new ServiceAccount that may do what the rules say in the namespace and, of
 * `clusterRules`, anywhere. The first namespace is where the account lives.
 */
export async function makeAccount(
  cluster: Pick<TestCluster, 'rest' | 'kubeconfig' | 'scratch'>,
  wanted: {
    readonly namespaces: readonly [string, ...string[]];
    readonly rules?: readonly PolicyRule[];
    readonly clusterRules?: readonly PolicyRule[];
  },
): Promise<string> {
  const { rest } = cluster;
  const [home] = wanted.namespaces;
  const account = await rest.must('POST', `/api/v1/namespaces/${home}/serviceaccounts`, {
    metadata: { generateName: 'account-' },
  });
  const name = account.metadata?.name ?? '';
  const { metadata } = await rest.must('GET', `/api/v1/namespaces/${home}`);
  // Goes with the namespace: what is of the whole cluster would else stay behind.
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Namespace', name: home, uid: metadata?.uid }];
  const owned = { generateName: 'signalbox-test-', ownerReferences };
  const subjects = [{ kind: 'ServiceAccount', name, namespace: home }];
  const bind = async (
    kind: 'RoleBinding' | 'ClusterRoleBinding',
    at: string,
    rules: readonly PolicyRule[],
  ) => {
    const role = await rest.must('POST', `${RBAC}/clusterroles`, {
      metadata: owned,
      rules,
    });
    const roleRef = {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: role.metadata?.name,
    };
    await rest.must('POST', at, { kind, metadata: owned, roleRef, subjects });
  };
  for (const namespace of wanted.rules ? wanted.namespaces : [])
    await bind('RoleBinding', `${RBAC}/namespaces/${namespace}/rolebindings`, wanted.rules ?? []);
  if (wanted.clusterRules)
    await bind('ClusterRoleBinding', `${RBAC}/clusterrolebindings`, wanted.clusterRules);
  return accountKubeconfig(cluster, home, name);
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

async function accountKubeconfig(
  { rest, kubeconfig, scratch }: Pick<TestCluster, 'rest' | 'kubeconfig' | 'scratch'>,
  namespace: string,
  name: string,
): Promise<string> {
  const { status } = await rest.must<{ status: { token: string } }>(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  );
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const current = config.getCurrentCluster();
  if (!current) throw new Error(`${kubeconfig} has no current context`);
  const ca = current.caData
    ? Buffer.from(current.caData, 'base64').toString()
    : readFileSync(current.caFile ?? '', 'utf8');
  const file = path.join(scratch, `${namespace}-${name}.kubeconfig`);
  writeFileSync(file, kubeconfigOf({ server: current.server, ca, token: status.token }), { mode: 0o600 });
  return file;
}
