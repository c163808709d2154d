import type { ELK, ElkNode } from 'elkjs/lib/elk-api';

let engine: Promise<ELK> | undefined;

/**
 * Lays a graph out beside the page, so that five hundred stages do not stop it from answering.
 * Where workers are not to be had the same layout runs in the page.
 */
export async function layoutWithElk(graph: ElkNode): Promise<ElkNode> {
  engine ??= start();
  return (await engine).layout(graph);
}

async function start(): Promise<ELK> {
  if (typeof Worker === 'undefined') return inPage();
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  const beside = new Elk({
    workerFactory: () => new Worker(new URL('./elk.worker.ts', import.meta.url)),
  });
  // A worker that cannot load never answers, so it has to prove itself once.
  const answers = await Promise.race([
    beside.layout({ id: 'probe', children: [] }).then(
      () => true,
      () => false,
    ),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), 4000)),
  ]);
  if (answers) return beside;
  beside.terminateWorker();
  return inPage();
}

async function inPage(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  return new Elk();
}
