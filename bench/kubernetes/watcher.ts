import { createDatabase } from '@/db/client';
import { watchAccount } from '@/server/engine/inventory/watch-account';
import { createLogger } from '@/server/log';
import { connect } from '@/server/providers/kubernetes/client/connect';
import { ClusterWatch } from '@/server/providers/kubernetes/watch/cluster-watch';
import type { InventoryNotice, Provider } from '@/server/providers/provider';

/** A process that does nothing but keep an account's inventory. Says on stdout when it heard of which cluster. */

const { BENCH_KUBECONFIG: kubeconfig = '', BENCH_NAMESPACE = '', BENCH_ACCOUNT = '' } = process.env;
const api = connect({ kubeconfig });
const watch = new ClusterWatch({ account: BENCH_ACCOUNT, api, config: { namespaces: [BENCH_NAMESPACE] } });

async function* told(signal: AbortSignal): AsyncGenerator<InventoryNotice> {
  let first = true;
  for await (const notice of watch.watch(signal)) {
    const since = performance.now();
    // As whoever is told of it does: the figure is how long until the new state is at hand.
    const groups = watch.observed()?.serverGroups.length ?? 0;
    const at = performance.timeOrigin + performance.now();
    const took = performance.now() - since;
    if (first) say({ msg: 'worker started', groups, at });
    else say({ cluster: notice.cluster, at, took });
    first = false;
    yield notice;
  }
}

// Watching asks for nothing else of a provider.
const provider = {
  watch: told,
  observed: () => watch.observed(),
  describe: () => new Promise(() => undefined),
} as unknown as Provider;
await watchAccount({
  db: createDatabase(process.env.DATABASE_URL ?? '', { max: 4 }).db,
  account: BENCH_ACCOUNT,
  provider: async () => provider,
  logger: createLogger('worker', 'warn'),
  signal: new AbortController().signal,
});

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
