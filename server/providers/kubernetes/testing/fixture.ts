import type { ArtifactRef } from '@/server/domain/inventory';
import type { JobCommands } from '@/server/providers/contract-fixture';
import { makeNamespace, type TestCluster } from '@/server/providers/kubernetes/testing/cluster';
import { startDataPlane } from '@/server/providers/kubernetes/testing/data-plane';
import { shippedAccount } from '@/server/providers/kubernetes/testing/shipped-access';

/** What a test of the provider needs besides the provider: `config` is for its schema. */
export interface KubernetesBench {
  readonly namespace: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Two that start and become healthy. */
  readonly artifacts: readonly [ArtifactRef, ArtifactRef];
  readonly commands: JobCommands;
  /** One real request to a load balancer's address, by what EndpointSlices and routes say. */
  request(url: string): Promise<{ ok: boolean; servedBy: string | null }>;
  stop(): Promise<void>;
}

/**
 * A namespace of its own with a data plane, with a Gateway or without. The account may do what the shipped role
 * says and nothing else, so that every test with it shows that this is enough.
 */
export async function makeKubernetesBench(
  cluster: Pick<TestCluster, 'rest' | 'kubeconfig' | 'scratch'>,
  { gateway }: { readonly gateway: boolean },
): Promise<KubernetesBench> {
  const { rest } = cluster;
  const namespace = await makeNamespace(rest);
  const kubeconfig = await shippedAccount(cluster, [namespace.name]);
  const plane = await startDataPlane(rest, namespace.name);
  const edge = { name: 'edge', hostnames: `{loadBalancer}.${namespace.name}.test` };
  return {
    namespace: namespace.name,
    config: {
      kubeconfig,
      namespaces: [namespace.name],
      images: 'registry.test/{name}',
      ...(gateway && { gateway: edge }),
    },
    artifacts: [artifact('1.0.0', '0'), artifact('1.1.0', '1')],
    commands: JOB_COMMANDS,
    request: plane.request,
    stop: async () => {
      await plane.stop();
      await namespace.remove();
    },
  };
}

function artifact(version: string, digit: string): ArtifactRef {
  return { name: 'sample', version, digest: `sha256:${digit.repeat(64)}` };
}

/** Run as processes of this machine, by the harness's kubelet. */
const JOB_COMMANDS: JobCommands = {
  succeeds: ['node', '-e', 'console.log(JSON.stringify({ greeting: process.env.GREETING }))'],
  fails: ['node', '-e', "console.error('out of cheese'); process.exit(3)"],
  endless: ['node', '-e', 'setInterval(() => undefined, 1000)'],
  // Nothing is baked on Kubernetes; the suite asks for it only where something is.
  changes: (text) => ['node', '-e', `console.log(${JSON.stringify(text)})`],
};
