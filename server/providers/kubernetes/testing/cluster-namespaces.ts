import type { V1Namespace, V1OwnerReference } from '@kubernetes/client-node';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';

/** On every namespace that tests make, with the run that made it. */
const RUN_LABEL = 'testing.signalbox.io/run';
/** Longest that a namespace may take to come or go, in ms: real nodes let containers finish first. */
const PATIENCE_MS = 120_000;

export interface TestNamespace {
  readonly name: string;
  /** For what is of the whole cluster: with the namespace as its owner it goes with it. */
  readonly owner: V1OwnerReference;
  /** Asks for its removal; it may take a while to be gone. */
  remove(): Promise<void>;
}

/** A namespace in which pods can be created. */
export async function makeNamespace(rest: Rest, run: string): Promise<TestNamespace> {
  const { metadata } = await rest.must('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { generateName: 'signalbox-test-', labels: { [RUN_LABEL]: run } },
  });
  const name = metadata?.name ?? '';
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await until(
    async () => (await rest.request('GET', account)).status === 200,
    `namespace ${name} is not ready`,
  );
  return {
    name,
    owner: { apiVersion: 'v1', kind: 'Namespace', name, uid: metadata?.uid ?? '' },
    remove: async () => void (await rest.request('DELETE', `/api/v1/namespaces/${name}`)),
  };
}

/** Removes what a run has made, all of which is in its namespaces or goes with them, and waits until it is gone. */
export async function removeNamespaces(rest: Rest, run: string): Promise<void> {
  const made = `/api/v1/namespaces?labelSelector=${RUN_LABEL}=${run}`;
  const left = async () =>
    (await rest.must<{ items: V1Namespace[] }>('GET', made)).items.map(({ metadata }) => metadata?.name);
  for (const name of await left()) await rest.request('DELETE', `/api/v1/namespaces/${name}`);
  await until(async () => (await left()).length === 0, `namespaces of run ${run} do not go`);
}

async function until(done: () => Promise<boolean>, otherwise: string): Promise<void> {
  const limit = Date.now() + PATIENCE_MS;
  while (!(await done())) {
    if (Date.now() > limit) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
