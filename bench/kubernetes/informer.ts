import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

/** The same pods in the informer that the Kubernetes client brings along, and nothing made of them. */

const { BENCH_KUBECONFIG = '', BENCH_NAMESPACE: namespace = '' } = process.env;
const config = new KubeConfig();
config.loadFromFile(BENCH_KUBECONFIG);
const core = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () =>
  core.listNamespacedPod({ namespace }),
);
let started = false;
informer.on('update', (pod) => {
  const cluster = pod.metadata?.labels?.['signalbox.io/cluster'] ?? null;
  say({ cluster, at: performance.timeOrigin + performance.now(), took: 0 });
});
informer.on('connect', () => {
  if (started) return;
  started = true;
  // It connects before it lists.
  const look = setInterval(() => {
    const pods = informer.list().length;
    if (pods === 0) return;
    clearInterval(look);
    say({ msg: 'worker started', groups: pods, at: performance.timeOrigin + performance.now() });
  }, 5);
});
await informer.start();

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
