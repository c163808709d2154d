import type { V1Job, V1Node, V1Pod } from '@kubernetes/client-node';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';
import { BEHAVIOUR_ANNOTATION } from '@/server/providers/kubernetes/testing/stages';

/** What can be shown on a cluster; found out before any test is made, so that those that cannot run are not made. */
export interface Traits {
  /** Real nodes run containers; played ones, such as kwok's, only say that they do. */
  readonly nodes: 'real' | 'played';
  /** Pods do as `stages.ts` says, whoever has started the cluster. */
  readonly simulated: boolean;
  /** What instances and jobs run; null where nodes are real and nobody has named any. */
  readonly workload: Workload | null;
  /** Jobs run their commands, and what containers say can be read. */
  readonly runs: boolean;
  /** HTTPRoutes are served. */
  readonly routes: boolean;
  /** The kinds of Argo Rollouts and Knative are served. */
  readonly foreign: boolean;
}

export interface Workload {
  /** Of an account: how the name of an artifact becomes an image; absent where the name is the image's own. */
  readonly images?: string;
  readonly artifacts: readonly [ArtifactRef, ArtifactRef];
}

/** Played nodes pull nothing. */
export const PLAYED: Workload = {
  images: 'registry.test/{name}',
  artifacts: [played('1.0.0', '0'), played('1.1.0', '1')],
};

function played(version: string, digit: string): ArtifactRef {
  return { name: 'sample', version, digest: `sha256:${digit.repeat(64)}` };
}

/** What a control plane of ours can show. */
export const SIMULATED: Traits = {
  nodes: 'played',
  simulated: true,
  workload: PLAYED,
  runs: true,
  routes: true,
  foreign: true,
};

/** Longest that a pod may take to show what becomes of it, in ms: real nodes may have to pull its image. */
const PATIENCE_MS = 90_000;

/**
 * Finds out by trying, in a namespace made for it, what a cluster can show.
 * @param images two images of real nodes, as in `named`
 * @throws Error when no node is ready, or no pod starts
 */
export async function probeTraits(rest: Rest, namespace: string, images: string): Promise<Traits> {
  const nodes = await nodesOf(rest);
  const workload = nodes === 'played' ? PLAYED : named(images);
  const [routes, rollouts, knative] = await Promise.all(
    [
      '/apis/gateway.networking.k8s.io/v1/httproutes',
      '/apis/argoproj.io/v1alpha1/rollouts',
      '/apis/serving.knative.dev/v1/revisions',
    ].map(async (path) => (await rest.request('GET', `${path}?limit=1`)).status === 200),
  );
  return {
    nodes,
    workload,
    simulated: nodes === 'played' && (await obeys(rest, namespace)),
    runs: workload !== null && (await runs(rest, namespace, imageOf(workload))),
    routes: routes ?? false,
    foreign: (rollouts && knative) ?? false,
  };
}

async function nodesOf(rest: Rest): Promise<Traits['nodes']> {
  const { items } = await rest.must<{ items: V1Node[] }>('GET', '/api/v1/nodes');
  const ready = items.filter(({ status }) =>
    status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True'),
  );
  if (ready.length === 0) throw new Error('The cluster has no node that is ready.');
  // A kubelet says `containerd://2.0.4`; nobody says so for a node that is played.
  const real = ready.some(({ status }) => status?.nodeInfo?.containerRuntimeVersion.includes('://'));
  return real ? 'real' : 'played';
}

const IMAGE = /^(?<name>[^\s:@]+(?::\d+\/[^\s:@]+)?):(?<version>[^\s:@]+)@(?<digest>sha256:[0-9a-f]{64})$/;

/** @param images two versions of one image, `repository:tag@sha256:…` each, with a space between; or nothing */
export function named(images: string): Workload | null {
  if (images.trim() === '') return null;
  const [first, second, ...others] = images.trim().split(/\s+/).map(artifactOf);
  if (!first || !second || others.length > 0 || first.name !== second.name || first.digest === second.digest)
    throw new Error(
      'SIGNALBOX_TEST_IMAGES names two versions of one image: "shop:1.0@sha256:… shop:1.1@sha256:…".',
    );
  return { artifacts: [first, second] };
}

function artifactOf(image: string): ArtifactRef | null {
  const { name, version, digest } = IMAGE.exec(image)?.groups ?? {};
  return name && version && digest ? { name, version, digest } : null;
}

/** The image that Signalbox runs for the first artifact. */
export function imageOf({ images = '{name}', artifacts: [{ name, version, digest }] }: Workload): string {
  return `${images.replace('{name}', name)}:${version}@${digest}`;
}

/** Whether a pod that is told never to get ready does not. */
async function obeys(rest: Rest, namespace: string): Promise<boolean> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await rest.must('POST', pods, {
    metadata: { name: 'obeys', annotations: { [BEHAVIOUR_ANNOTATION]: 'never-ready' } },
    spec: { containers: [{ name: 'main', image: imageOf(PLAYED) }] },
  });
  const pod = await eventually(async () => {
    const found = await rest.must<V1Pod>('GET', `${pods}/obeys`);
    return found.status?.phase === 'Running' ? found : null;
  });
  if (!pod) throw new Error('The cluster starts no pod: is kwok there?');
  return !pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Whether a job says what its command says. */
async function runs(rest: Rest, namespace: string, image: string): Promise<boolean> {
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const main = { name: 'main', image, command: ['sh', '-c', 'echo said'] };
  await rest.must('POST', jobs, {
    metadata: { name: 'runs' },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [main] } } },
  });
  const ended = await eventually(async () => {
    const { status } = await rest.must<V1Job>('GET', `${jobs}/runs`);
    return status?.conditions?.some(({ type, status: state }) => type === 'Complete' && state === 'True')
      ? 'complete'
      : null;
  });
  if (!ended) return false;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await rest.must<{ items: V1Pod[] }>(
    'GET',
    `${pods}?labelSelector=batch.kubernetes.io/job-name=runs`,
  );
  const log = await rest.request<unknown>('GET', `${pods}/${items[0]?.metadata?.name}/log`);
  return log.status === 200 && log.body === 'said\n';
}

/** Null when time is over. */
async function eventually<T>(look: () => Promise<T | null>): Promise<T | null> {
  const limit = Date.now() + PATIENCE_MS;
  while (Date.now() < limit) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

/** What a cluster that was given is, and a sentence for each thing that is not tested on it. */
export function reportOf(traits: Traits, binaries: string): string[] {
  const { nodes, simulated, workload, runs: commands, routes, foreign } = traits;
  const sentences: readonly (readonly [boolean, string])[] = [
    [
      workload === null,
      'Nothing that needs a pod: nodes are real, and SIGNALBOX_TEST_IMAGES does not say what they shall run.',
    ],
    [workload !== null && !commands, 'No jobs and no logs: a job did not say what its command says.'],
    [!simulated && nodes === 'played', 'No pods that fail: nodes are played, and not as the tests want it.'],
    [!routes, 'No requests shared by the weights of a route: the cluster has no HTTPRoute of Gateway API.'],
    [!foreign, 'Nothing of Argo Rollouts and Knative: the cluster does not have the kinds of both.'],
    [
      true,
      'Not the steps of the README, nor the harness itself: they want a cluster that the run has started.',
    ],
    [binaries === '', 'No API server is killed: there are no programs of one to start and kill.'],
  ];
  return [
    `The cluster that was given has ${nodes} nodes${simulated ? ', and pods do as the tests say' : ''}. Not tested:`,
    ...sentences.filter(([missing]) => missing).map(([, sentence]) => `  ${sentence}`),
  ];
}
