import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import { pause } from '@/bench/support/statistics';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';
import { ANNOTATIONS, LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';

export interface FleetSize {
  readonly clusters: number;
  readonly groupsPerCluster: number;
  readonly podsPerGroup: number;
}

/** Two digits, so that they are listed in this order. */
export const applicationOf = (number: number) => `web${String(number).padStart(2, '0')}`;
export const ENVIRONMENT = 'prod';
const clusterOf = (number: number) => `${applicationOf(number)}-${ENVIRONMENT}`;

/** Server groups as Signalbox makes them, one cluster to an application, those of a cluster behind one load balancer. Returns when all are ready. */
export async function makeFleet(rest: Rest, namespace: string, size: FleetSize): Promise<void> {
  const apps = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
  for (let number = 0; number < size.clusters; number++) {
    await rest.must('POST', `/api/v1/namespaces/${namespace}/services`, serviceOf(number));
    for (let sequence = 0; sequence < size.groupsPerCluster; sequence++)
      await rest.must('POST', apps, groupOf(number, sequence, size.podsPerGroup));
  }
  const wanted = size.clusters * size.groupsPerCluster * size.podsPerGroup;
  for (let ready = 0; ready < wanted; await pause(2_000)) {
    const { items } = await rest.must<{ items: { status?: { readyReplicas?: number } }[] }>('GET', apps);
    ready = items.reduce((sum, item) => sum + (item.status?.readyReplicas ?? 0), 0);
  }
}

function serviceOf(number: number) {
  const cluster = clusterOf(number);
  const labels = { [LABELS.loadBalancer]: cluster, [LABELS.application]: applicationOf(number) };
  const spec = { selector: { [trafficLabel(cluster)]: 'true' }, ports: [{ port: 8080 }] };
  return { metadata: { name: cluster, labels }, spec };
}

function groupOf(number: number, sequence: number, replicas: number) {
  const cluster = clusterOf(number);
  const name = `${cluster}-v00${sequence}`;
  const identity = { [LABELS.cluster]: cluster, [LABELS.serverGroup]: name };
  const labels = { ...identity, [LABELS.application]: applicationOf(number) };
  const annotations = {
    [ANNOTATIONS.enabled]: 'true',
    [ANNOTATIONS.artifactName]: applicationOf(number),
    [ANNOTATIONS.artifactVersion]: `1.${sequence}.0`,
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
    const selector = encodeURIComponent(`${LABELS.cluster}=${clusterOf(number)}`);
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

/** From then on its status is what the bench writes: kwok knows nothing to do for such a pod. */
export async function takeInHand(rest: Rest, pod: V1Pod): Promise<void> {
  const { namespace, name } = pod.metadata ?? {};
  const annotations = { [BEHAVIOUR_ANNOTATION]: 'by-hand' };
  await rest.must('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}`, { metadata: { annotations } });
}

/** As a kubelet does when the pod's probe fails, or passes again. */
export async function setReady(rest: Rest, pod: V1Pod, ready: boolean): Promise<void> {
  const { namespace, name } = pod.metadata ?? {};
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
  const conditions = ['Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: ready || type === 'Initialized' ? 'True' : 'False',
    lastTransitionTime,
  }));
  await rest.must('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, { status: { conditions } });
}

/** Makes all clusters those of one application. */
export async function joinApplications(rest: Rest, namespace: string, application: string): Promise<void> {
  const apps = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
  const { items } = await rest.must<{ items: V1ReplicaSet[] }>('GET', apps);
  for (const { metadata } of items)
    await rest.must('PATCH', `${apps}/${metadata?.name}`, {
      metadata: { labels: { [LABELS.application]: application } },
    });
}
