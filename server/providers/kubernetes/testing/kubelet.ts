import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { V1Pod } from '@kubernetes/client-node';
import { type JobProcess, runJob } from '@/server/providers/kubernetes/testing/job-process';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';
import { behaviourOf } from '@/server/providers/kubernetes/testing/stages';

/** What the pod has said; in place of a program's output, which kwok has none of. Variable: TEST_LOG. */
export const LOG_ANNOTATION = 'testing.signalbox.io/log';

const JOB_PODS = '/api/v1/pods?labelSelector=batch.kubernetes.io/job-name';
/** Until a write that the API server did not take is tried again, in ms. */
const AGAIN_MS = 100;

export interface Kubelet {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The two things of a kubelet that kwok has not: it runs pods of Jobs as processes of this machine, and answers
 * the API server with logs. Containers are never restarted within their pod.
 */
export async function startKubelet(rest: Rest, pki: { cert: string; key: string }): Promise<Kubelet> {
  const over = new AbortController();
  const jobs = new Map<string, JobProcess>();
  const server = https.createServer(
    { cert: readFileSync(pki.cert), key: readFileSync(pki.key) },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://kubelet');
      void logOf(rest, jobs, url).then(
        ({ status, text }) => response.writeHead(status, { 'content-type': 'text/plain' }).end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const see = (pod: V1Pod) => look(rest, jobs, pod, over.signal);
  const gone = (pod: V1Pod) => {
    jobs.get(uidOf(pod))?.kill();
    jobs.delete(uidOf(pod));
  };
  const all = (pods: V1Pod[]) => {
    const there = new Set(pods.map(uidOf));
    for (const [uid, job] of jobs) if (!there.has(uid)) job.kill();
    pods.forEach(see);
  };
  rest.follow<V1Pod>(JOB_PODS, { all, put: see, gone }, over.signal);
  const address = server.address();
  return {
    port: address === null || typeof address === 'string' ? 0 : address.port,
    stop: async () => {
      over.abort();
      for (const job of jobs.values()) job.kill();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function uidOf(pod: V1Pod): string {
  return pod.metadata?.uid ?? '';
}

/** Does what is to be done about a pod now: starts it once it has a node, ends it once it is to go. */
function look(rest: Rest, jobs: Map<string, JobProcess>, pod: V1Pod, over: AbortSignal): void {
  if (!pod.spec?.nodeName) return;
  const uid = uidOf(pod);
  const job = jobs.get(uid);
  if (pod.metadata?.deletionTimestamp) {
    if (job) job.end();
    else void persist(() => remove(rest, pod), over);
    return;
  }
  if (job || behaviourOf(pod) || pod.status?.phase !== 'Pending') return;
  const started = runJob(pod);
  jobs.set(uid, started);
  void (async () => {
    await persist(() => writeStatus(rest, pod, started.status()), over);
    await started.ended;
    await persist(() => writeStatus(rest, pod, started.status()), over);
    if (started.told()) await persist(() => remove(rest, pod), over);
  })();
}

const at = (pod: V1Pod) => `/api/v1/namespaces/${pod.metadata?.namespace}/pods/${pod.metadata?.name}`;

async function writeStatus(rest: Rest, pod: V1Pod, status: V1Pod['status']): Promise<number> {
  return (await rest.request('PATCH', `${at(pod)}/status`, { metadata: { uid: uidOf(pod) }, status })).status;
}

async function remove(rest: Rest, pod: V1Pod): Promise<number> {
  const options = { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } };
  return (await rest.request('DELETE', at(pod), options)).status;
}

/** Until the API server has answered; what it refuses, such as for a pod that is gone, needs no more. */
async function persist(write: () => Promise<number>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const status = await write().catch(() => 503);
    if (status < 500 && status !== 429) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** `/containerLogs/{namespace}/{pod}/{container}?tailLines=10&previous=true` */
async function logOf(rest: Rest, jobs: ReadonlyMap<string, JobProcess>, url: URL) {
  const [, verb, namespace, name, container] = url.pathname.split('/');
  if (verb !== 'containerLogs') return { status: 404, text: 'only logs are answered' };
  const pod = await rest.must<V1Pod>('GET', `/api/v1/namespaces/${namespace}/pods/${name}`);
  const state = pod.status?.containerStatuses?.find((one) => one.name === container);
  if (state?.state?.waiting && !state.lastState?.terminated) {
    const reason = state.state.waiting.reason;
    return { status: 400, text: `container "${container}" in pod "${name}" is waiting to start: ${reason}` };
  }
  if (url.searchParams.has('previous') && !state?.lastState?.terminated)
    return { status: 400, text: `previous terminated container "${container}" in pod "${name}" not found` };
  const text = jobs.get(uidOf(pod))?.log() ?? saidBy(pod);
  const tail = Number(url.searchParams.get('tailLines') ?? Number.POSITIVE_INFINITY);
  const lines = text.replace(/\n$/, '').split('\n');
  return {
    status: 200,
    text: text === '' ? '' : `${lines.slice(-Math.min(tail, lines.length)).join('\n')}\n`,
  };
}

function saidBy(pod: V1Pod): string {
  const variables = pod.spec?.containers.flatMap((container) => container.env ?? []);
  const variable = variables?.find((one) => one.name === 'TEST_LOG')?.value;
  return pod.metadata?.annotations?.[LOG_ANNOTATION] ?? variable ?? '';
}
