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
  /** Absent where jobs do not really run. */
  readonly commands?: JobCommands;
  /** One real request to a load balancer's address, by what EndpointSlices and routes say. */
  request(url: string): Promise<{ ok: boolean; servedBy: string | null }>;
  stop(): Promise<void>;
}

/** A control plane of a test's own needs what `SIMULATED` says beside. */
export type BenchCluster = Pick<
  TestCluster,
  'rest' | 'kubeconfig' | 'scratch' | 'workload' | 'runs' | 'routes'
>;

/**
 * A namespace of its own with a data plane, with a Gateway or without. The account may do what the shipped role
 * says and nothing else, so that every test with it shows that this is enough.
 */
export async function makeKubernetesBench(
  cluster: BenchCluster,
  { gateway }: { readonly gateway: boolean },
): Promise<KubernetesBench> {
  const { rest, workload, runs, routes } = cluster;
  if (!workload) throw new Error('Nobody said what the nodes of this cluster shall run.');
  const namespace = await makeNamespace(rest);
  const kubeconfig = await shippedAccount(cluster, [namespace.name]);
  const plane = await startDataPlane(rest, namespace.name, { routes });
  if (gateway) await makeGateway(rest, namespace.name);
  const edge = { name: 'edge', hostnames: `{loadBalancer}.${namespace.name}.test` };
  return {
    namespace: namespace.name,
    config: {
      kubeconfig,
      namespaces: [namespace.name],
      ...(workload.images !== undefined && { images: workload.images }),
      ...(gateway && { gateway: edge }),
    },
    artifacts: workload.artifacts,
    ...(runs && { commands: JOB_COMMANDS }),
    request: plane.request,
    stop: async () => {
      await plane.stop();
      await namespace.remove();
    },
  };
}

/** Nobody works for it; the data plane goes by the routes alone. */
function makeGateway(rest: BenchCluster['rest'], namespace: string): Promise<unknown> {
  return rest.must('POST', `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways`, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: { gatewayClassName: 'test', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  });
}

/** Every image has a shell; the harness's kubelet runs them as processes of this machine. */
const JOB_COMMANDS: JobCommands = {
  succeeds: ['sh', '-c', 'echo "{\\"greeting\\": \\"$GREETING\\"}"'],
  fails: ['sh', '-c', 'echo out of cheese >&2; exit 3'],
  // The first process of a container does not end at SIGTERM unless it says so.
  endless: ['sh', '-c', 'trap "exit 1" TERM; while true; do sleep 0.1; done'],
  // Nothing is baked on Kubernetes; the suite asks for it only where something is.
  changes: (text) => ['sh', '-c', `echo ${JSON.stringify(text)}`],
};
