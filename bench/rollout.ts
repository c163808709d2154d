import { createWorld, type RolloutWorld } from '@/bench/rollout/world';
import { median, pause, printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';
import { SteadyClient } from '@/e2e/support/steady-client';

/**
 * What a customer behind the load balancers sees while versions change, with every strategy that may
 * not interrupt traffic, over two regions: requests that failed, the time from pressing the button until
 * only the new version answers, and the same for a rollback, beside the platform's own calls without
 * any engine.
 */

const ROUNDS = 3;
const STRATEGIES: Readonly<Record<string, Record<string, unknown>>> = {
  redblack: {},
  highlander: {},
  rollingredblack: { percentages: [50, 100] },
  canary: { steps: [{ weight: 10 }, { weight: 50 }] },
};

interface Figures {
  readonly deploy: number[];
  readonly rollback: number[];
  requests: number;
  failed: string[];
}

async function main(): Promise<void> {
  await withPostgres(async (url) => {
    const world = await createWorld(url);
    try {
      const bare = await platformAlone(world);
      printLine('platform calls alone', `traffic after ${median(bare)} ms`);
      for (const [strategy, options] of Object.entries(STRATEGIES)) {
        const figures = await rounds(world, strategy, options);
        const times = (values: readonly number[]) =>
          values.length === 0
            ? 'none kept'
            : `${median(values)} ms (× ${(median(values) / Math.max(1, median(bare))).toFixed(1)})`;
        printLine(
          strategy,
          `deploy ${times(figures.deploy)}`,
          `rollback ${times(figures.rollback)}`,
          `${figures.requests} requests, ${figures.failed.length} failed`,
        );
        if (figures.failed.length > 0) {
          process.stdout.write(`  ${[...new Set(figures.failed)].slice(0, 3).join('\n  ')}\n`);
          process.exitCode = 1;
        }
      }
    } finally {
      await world.stop();
    }
  });
}

async function rounds(
  world: RolloutWorld,
  strategy: string,
  options: Record<string, unknown>,
): Promise<Figures> {
  const place = await world.place(strategy);
  await world.deploy(place, '1.0.0', 'redblack', {});
  const client = new SteadyClient(await world.urls(place));
  const figures: Figures = { deploy: [], rollback: [], requests: 0, failed: [] };
  for (let round = 0; round < ROUNDS; round++) {
    figures.deploy.push(
      await untilOnly(client, '1.1.0', () => world.deploy(place, '1.1.0', strategy, options)),
    );
    // Highlander leaves nothing to go back to: the old version is deployed again.
    if (strategy === 'highlander') await world.deploy(place, '1.0.0', strategy, options);
    else figures.rollback.push(await untilOnly(client, '1.0.0', () => world.rollBack(place)));
  }
  await client.stop();
  figures.requests = client.seen.length + client.failures.length;
  figures.failed = client.failures;
  return figures;
}

/** Two groups, and traffic from one to the other by the platform's own calls. */
async function platformAlone(world: RolloutWorld): Promise<number[]> {
  const place = await world.place('bare');
  await world.deploy(place, '1.0.0', 'redblack', {});
  await world.deploy(place, '1.1.0', 'redblack', {});
  const client = new SteadyClient(await world.urls(place));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await untilOnly(client, '1.0.0', () => world.swap(place, '1.0.0')));
    times.push(await untilOnly(client, '1.1.0', () => world.swap(place, '1.1.0')));
  }
  await client.stop();
  return times;
}

/** Milliseconds from the start of `act` to the last answer of another version. */
async function untilOnly(client: SteadyClient, version: string, act: () => Promise<void>): Promise<number> {
  const since = Date.now();
  await act();
  const seen = client.seen.length;
  while (client.seen.length < seen + 40) await pause(10);
  return client.settledAfter(since, version);
}

await main();
