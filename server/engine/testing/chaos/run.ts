import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { ArtifactRef } from '@/server/domain/inventory';
import { GuardSampler } from '@/server/engine/testing/chaos/guard-sampler';
import { findStrayGroups, findViolations } from '@/server/engine/testing/chaos/invariants';
import {
  anyPipeline,
  createPlaces,
  hasEnded,
  type Place,
  startDeploy,
} from '@/server/engine/testing/chaos/load';
import { cancelAny, decideAll, pauseOrResumeAny, resumeAll } from '@/server/engine/testing/chaos/people';
import { Random } from '@/server/engine/testing/chaos/random';
import { World } from '@/server/engine/testing/chaos/world';
import { start } from '@/server/engine/testing/harness';
import { testService } from '@/server/local-cloud/testing/artifacts';

export interface ChaosOptions {
  /** How long things are killed. */
  readonly seconds: number;
  /** Small pipelines, beside the deploys. */
  readonly executions: number;
  readonly workers: number;
  readonly seed: number;
  /** Everything must have ended so long after the last kill. */
  readonly settleSeconds: number;
}

export interface ChaosReport {
  readonly kills: Readonly<Record<'worker' | 'database' | 'cloud', number>>;
  readonly executions: Readonly<Record<string, number>>;
  readonly deploys: number;
  readonly samples: number;
  /** Seconds from the last kill until everything had ended. */
  readonly settledAfter: number;
  /** What is wrong. */
  readonly violations: readonly string[];
}

/**
 * Kills workers, Postgres and the platform at random (kill -9) while deploys with every strategy and
 * many small pipelines run and people judge, pause and cancel; then looks at what became of them.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const world = await World.create(options.workers);
  try {
    const versions = await Promise.all(
      ['1.0.0', '1.1.0'].map(async (version) => world.platform.publish(version, await testService(version))),
    );
    const places = await createPlaces(world);
    for (const place of places) await untilEnded(world, await startDeploy(world, place, first(versions)), 60);
    const sampler = new GuardSampler(
      world,
      places.filter((place) => place.guarded),
    );
    const deploys = await storm(world, options, places, versions);
    const calmSince = Date.now();
    await settle(world, options);
    const settledAfter = (Date.now() - calmSince) / 1_000;
    await sampler.stop();
    return {
      kills: world.kills,
      executions: await outcomes(world),
      deploys,
      samples: sampler.samples,
      settledAfter,
      violations: [
        ...(await findViolations(world)),
        ...(await findStrayGroups(world)),
        ...sampler.violations,
        ...world.surprises.map((end) => `a worker ended by itself: ${end}`),
      ],
    };
  } finally {
    await world.stop();
  }
}

/** Everything at once, for as long as was asked for. @returns how many deploys were started. */
async function storm(
  world: World,
  { seconds, executions, seed }: ChaosOptions,
  places: readonly Place[],
  versions: readonly ArtifactRef[],
): Promise<number> {
  const until = Date.now() + seconds * 1_000;
  const random = new Random(seed);
  let deploys = 0;
  const again = async (everyMs: () => number, act: () => Promise<unknown>) => {
    while (Date.now() < until) {
      // What a person, or a service, cannot do because the database is away is done another time.
      await act().catch(() => undefined);
      await pause(everyMs());
    }
  };
  const deployTo = async (place: Place) => {
    // Its groups never leave, so they are few.
    const most = place.strategy === 'none' ? 2 : 100;
    for (let count = 0; Date.now() < until && count < most; count++) {
      const artifact = versions[(count + 1) % versions.length] ?? first(versions);
      const id = await insist(() => startDeploy(world, place, artifact));
      deploys += 1;
      while (Date.now() < until && !(await hasEnded(world, id).catch(() => false))) await pause(100);
    }
  };
  const one = () => insist(() => start(world.database, anyPipeline(random)));
  await Promise.all(Array.from({ length: executions / 2 }, one));
  let left = executions / 2;
  await Promise.all([
    ...places.map(deployTo),
    again(
      () => (seconds * 700) / executions,
      async () => {
        if (left-- > 0) await one();
      },
    ),
    again(
      () => random.between(20, 100),
      () => pauseOrResumeAny(world, random),
    ),
    again(
      () => random.between(200, 600),
      () => decideAll(world, random),
    ),
    again(
      () => random.between(500, 1_500),
      () => cancelAny(world),
    ),
    again(
      () => random.between(700, 1_500),
      () => world.killWorker(random.between(0, 10)),
    ),
    again(
      () => random.between(3_000, 5_000),
      () => world.killDatabase(random.between(0, 500)),
    ),
    again(
      () => random.between(3_000, 5_000),
      () => world.killCloud(random.between(0, 500)),
    ),
  ]);
  return deploys;
}

/** Nobody kills any more; people decide what waits for them until everything has ended. */
async function settle(world: World, { settleSeconds, seed }: ChaosOptions): Promise<void> {
  const random = new Random(seed + 1);
  const until = Date.now() + settleSeconds * 1_000;
  for (;;) {
    await resumeAll(world);
    await decideAll(world, random);
    const { rows } = await world.database.db.execute<{ open: number }>(
      sql`SELECT (SELECT count(*) FROM executions WHERE ended_at IS NULL)::int + (SELECT count(*) FROM jobs)::int AS open`,
    );
    // What is open after that is found as a violation.
    if (rows[0]?.open === 0 || Date.now() > until) return;
    await pause(100);
  }
}

async function untilEnded(world: World, executionId: string, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1_000;
  while (!(await hasEnded(world, executionId))) {
    if (Date.now() > until) throw new Error('the first version did not come up');
    await decideAll(world, new Random(1));
    await pause(50);
  }
}

/** Until it works: the database may be away. */
async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (tries > 100) throw error;
      await pause(100);
    }
  }
}

async function outcomes({ database }: World): Promise<Record<string, number>> {
  const { rows } = await database.db.execute<{ status: string; count: number }>(
    sql`SELECT status, count(*)::int AS count FROM executions GROUP BY status ORDER BY status`,
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

function first(versions: readonly ArtifactRef[]): ArtifactRef {
  const [version] = versions;
  if (!version) throw new Error('there is no version');
  return version;
}
