import { createWorld, type RollbackWorld } from '@/bench/rollback/world';
import { median, printLine } from '@/bench/support/statistics';
import { withPostgres } from '@/bench/support/temporary-postgres';

/**
 * How long after a person asks for it a rollback on Kubernetes takes until the last request was answered by the bad
 * version, on a real control plane, by the whole engine, with and without a Gateway. Baselines of the same run: one
 * bare write that moves a Service from the one group to the other, which is as fast as the cluster can be, and a bare
 * write for each pod.
 *
 * `npm run bench -- rollback [instances…]`
 */

const SIZES = [3, 100, 300];
const ROUNDS = 4;

async function main(): Promise<void> {
  const given = process.argv.slice(3).map(Number).filter(Number.isInteger);
  await withPostgres(async (url) => {
    const world = await createWorld(url);
    try {
      for (const instances of given.length > 0 ? given : SIZES)
        for (const gateway of [false, true]) await measure(world, instances, gateway);
    } finally {
      await world.stop();
    }
  });
}

async function measure(world: RollbackWorld, instances: number, gateway: boolean): Promise<void> {
  const place = await world.place(instances, gateway);
  try {
    const bare: number[] = [];
    const last: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await place.moveBare(round % 2 === 0 ? 0 : 1));
      const took = await place.rollBack();
      last.push(took.last);
      whole.push(took.whole);
    }
    const eachPod = await place.writePods();
    const { sent, failures, leastReady } = await place.stop();
    printLine(
      `${instances} instances, ${gateway ? 'with a Gateway' : 'without'}`,
      `last request at the bad version ${list(last)} (× ${(median(last) / Math.max(1, median(bare))).toFixed(1)})`,
      `all done ${list(whole)}`,
      `one bare write ${list(bare)}`,
      `a bare write per pod ${Math.round(eachPod)} ms`,
      `${sent} requests, ${failures.length} failed`,
      `never fewer than ${leastReady} ready`,
    );
    if (failures.length > 0 || leastReady < instances) process.exitCode = 1;
  } finally {
    await place.leave();
  }
}

function list(values: readonly number[]): string {
  return `${values.map(Math.round).join('/')} ms`;
}

await main();
