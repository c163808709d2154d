import { sql } from 'drizzle-orm';
import type { DatabaseHandle } from '@/db/client';
import { accounts, applications, environments } from '@/db/schema';
import { enqueueExecution } from '@/server/engine/enqueue';

/** As many as a large organisation has; the rate budget of each bounds how often its stages look. */
const ACCOUNTS = 100;

/** Where the deploys go: one environment and one cluster each, because a cluster takes one deploy at a time. */
export async function createEnvironments(database: DatabaseHandle, count: number): Promise<void> {
  await database.db.insert(applications).values({ name: 'shop' });
  await database.db
    .insert(accounts)
    .values(Array.from({ length: ACCOUNTS }, (_, i) => ({ name: `a${i}`, provider: 'local', config: {} })));
  for (let from = 0; from < count; from += 1_000) {
    await database.db.insert(environments).values(
      Array.from({ length: 1_000 }, (_, i) => ({
        application: 'shop',
        name: `e${from + i}`,
        account: `a${(from + i) % ACCOUNTS}`,
        regions: ['eu'],
        cluster: `shop-e${from + i}`,
        capacity: { min: 1, desired: 1, max: 2 },
        artifact: 'shop',
        pipeline: 'deploy',
      })),
    );
  }
}

/** Starts real deploys to the environments `from` to `to`. */
export async function startDeploys(database: DatabaseHandle, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const environment = `e${index}`;
    await database.db.transaction((tx) =>
      enqueueExecution(tx, {
        application: 'shop',
        pipeline: 'deploy',
        pipelineRevision: 1,
        definition: {
          name: 'deploy',
          description: '',
          parameters: [],
          stages: [
            {
              refId: 'deploy',
              type: 'deploy',
              name: 'deploy',
              requires: [],
              config: { environment, strategy: 'redblack', healthTimeoutSeconds: 3_600 },
            },
          ],
        },
        trigger: { kind: 'api', by: 'bench', userId: null, note: null },
        parameters: {},
        environment,
        artifact: { name: 'shop', version: '1.0.0', digest: 'sha256:bench' },
        idempotencyKey: null,
      }),
    );
  }
}

/** Deploys whose new group is asked for and awaited. */
export async function countInFlight(database: DatabaseHandle): Promise<number> {
  const { rows } = await database.db.execute<{ waiting: number; ended: number }>(sql`
    SELECT count(*) FILTER (WHERE type = 'createServerGroup' AND status = 'running' AND task_index = 1)::int AS waiting,
      count(*) FILTER (WHERE type = 'deploy' AND ended_at IS NOT NULL)::int AS ended
    FROM stages`);
  const { waiting = 0, ended = 0 } = rows[0] ?? {};
  if (ended > 0) throw new Error(`${ended} deploys ended instead of waiting`);
  return waiting;
}
