import type { SupervisorContext } from './context';
import { adoptProcess, stopProcess } from './process/running';
import { LOCAL_CLOUD } from './services/local-cloud';

/** The local cloud is adopted, and Postgres is found by its own lock, by their services. */
const FOUND_BY_THEIR_SERVICE: readonly string[] = [LOCAL_CLOUD, 'postgres'];

/** Ends what a supervisor that was killed left behind. A worker's unfinished leases pass on by themselves. */
export async function stopLeftovers(context: SupervisorContext): Promise<void> {
  const stale = context.record.entries().filter(([name]) => !FOUND_BY_THEIR_SERVICE.includes(name));
  await Promise.all(
    stale.map(async ([name, recorded]) => {
      const leftover = adoptProcess(recorded);
      if (leftover) await stopProcess(leftover, 'SIGTERM', name === 'web' ? 500 : 3_000);
      context.record.delete(name);
    }),
  );
}
