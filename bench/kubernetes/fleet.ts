import type { V1Pod } from '@kubernetes/client-node';
import { pause } from '@/bench/support/statistics';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';
import { ANNOTATIONS, LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';

export interface FleetSize {
  readonly clusters: number;
  readonly groupsPerCluster: number;
  readonly podsPerGroup: number;
}

/** Server groups as Signalbox makes them, those of a cluster behind one load balancer. Returns when all are ready. */
export async function makeFleet(rest: Rest, namespace: string, size: FleetSize): Promise<void> {
  const apps = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
  for (let number = 0; number < size.clusters; number++) {
    const cluster = `web${number}`;
    await rest.must('POST', `/api/v1/namespaces/${namespace}/services`, serviceOf(cluster));
    for (let sequence = 0; sequence < size.groupsPerCluster; sequence++)
      await rest.must('POST', apps, groupOf(cluster, sequence, size.podsPerGroup));
  }
  const wanted = size.clusters * size.groupsPerCluster * size.podsPerGroup;
  for (let ready = 0; ready < wanted; await pause(2_000)) {
    const { items } = await rest.must<{ items: { status?: { readyReplicas?: number } }[] }>('GET', apps);
    ready = items.reduce((sum, item) => sum + (item.status?.readyReplicas ?? 0), 0);
  }
}

function serviceOf(cluster: string) {
  const labels = { [LABELS.loadBalancer]: cluster, [LABELS.application]: cluster };
  const spec = { selector: { [trafficLabel(cluster)]: 'true' }, ports: [{ port: 8080 }] };
  return { metadata: { name: cluster, labels }, spec };
}

function groupOf(cluster: string, sequence: number, replicas: number) {
  const name = `${cluster}-v00${sequence}`;
  const identity = { [LABELS.cluster]: cluster, [LABELS.serverGroup]: name };
  const labels = { ...identity, [LABELS.application]: cluster };
  const annotations = {
    [ANNOTATIONS.enabled]: 'true',
    [ANNOTATIONS.loadBalancers]: JSON.stringify([cluster]),
  };
  const env = Array.from({ length: 20 }, (_, index) => ({
    name: `SETTING_${index}`,
    value: 'a value of some length',
  }));
  const metadata = { labels: { ...labels, [trafficLabel(cluster)]: 'true' } };
  const template = { metadata, spec: { containers: [{ name: 'main', image: 'registry.test/web:1', env }] } };
  return {
    metadata: { name, labels, annotations },
    spec: { replicas, selector: { matchLabels: identity }, template },
  };
}

/** One pod of each cluster. */
export async function samplePods(rest: Rest, namespace: string, clusters: number): Promise<V1Pod[]> {
  const pods: V1Pod[] = [];
  for (let number = 0; number < clusters; number++) {
    const selector = encodeURIComponent(`${LABELS.cluster}=web${number}`);
    const at = `/api/v1/namespaces/${namespace}/pods?limit=1&labelSelector=${selector}`;
    pods.push(...(await rest.must<{ items: V1Pod[] }>('GET', at)).items);
  }
  return pods;
}

/** Changes what the inventory shows of the pod, as a kubelet would after a restart of its container. */
export async function changePod(rest: Rest, pod: V1Pod, restarts: number): Promise<void> {
  const { namespace, name } = pod.metadata ?? {};
  const containerStatuses = pod.status?.containerStatuses?.map((one) =>
    Object.assign({}, one, { restartCount: restarts }),
  );
  await rest.must('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
    status: { containerStatuses },
  });
}
