import { DBOS } from '@dbos-inc/dbos-sdk';

const chain = DBOS.registerWorkflow(
  async (steps: number) => {
    for (let i = 0; i < steps; i++) await DBOS.runStep(async () => i, { name: `s${i}` });
  },
  { name: 'chain' },
);

/**
 * DBOS doing the same: `count` workflows at once of `length` steps that do nothing, each step recorded
 * in Postgres before the next one begins.
 * @param url of a database of its own.
 * @returns durable steps per second.
 */
export async function dbosSteps(url: string, count: number, length: number): Promise<number> {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePoolSize: 20, logLevel: 'error' });
  await DBOS.launch();
  try {
    await (await DBOS.startWorkflow(chain)(5)).getResult();
    const startedAt = performance.now();
    const handles = await Promise.all(Array.from({ length: count }, () => DBOS.startWorkflow(chain)(length)));
    await Promise.all(handles.map((handle) => handle.getResult()));
    return (count * length) / ((performance.now() - startedAt) / 1_000);
  } finally {
    await DBOS.shutdown();
  }
}
