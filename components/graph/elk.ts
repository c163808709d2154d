import type { ELK, ElkNode } from 'elkjs/lib/elk-api';

let engine: Promise<ELK> | undefined;

/** A worker that does not even fail within this is not coming. Long: a busy machine takes seconds to start one. */
const WORKER_TIMEOUT_MS = 20_000;

/**
 * Lays a graph out beside the page, so that five hundred stages do not stop it from answering.
 * Where workers are not to be had the same layout runs in the page.
 */
export async function layoutWithElk(graph: ElkNode): Promise<ElkNode> {
  return (await warmElk()).layout(graph);
}

/** Starts the worker before there is anything to lay out: loading it takes longer than most layouts. */
export function warmElk(): Promise<ELK> {
  engine ??= start();
  return engine;
}

async function start(): Promise<ELK> {
  if (typeof Worker === 'undefined') return inPage();
  const worker = new Worker(new URL('./elk.worker.ts', import.meta.url));
  const broken = new Promise<false>((resolve) => {
    worker.addEventListener('error', () => resolve(false), { once: true });
    setTimeout(() => resolve(false), WORKER_TIMEOUT_MS);
  });
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  const beside = new Elk({ workerFactory: () => worker });
  const answers = await Promise.race([
    beside.layout({ id: 'probe', children: [] }).then(
      () => true,
      () => false,
    ),
    broken,
  ]);
  if (answers) return beside;
  beside.terminateWorker();
  return inPage();
}

async function inPage(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  return new Elk();
}
