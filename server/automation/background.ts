import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseHandle } from '@/db/client';
import type { Logger } from '@/server/log';

/** Work that goes on by itself. Of all workers on one database only one does a given work at a time. */
export interface BackgroundWork {
  readonly name: string;
  /** Pause between two rounds. */
  readonly everyMs: number;
  /** One round: short, idempotent, and safe when it is cut off anywhere. */
  run(signal: AbortSignal): Promise<void>;
}

export interface BackgroundOptions {
  readonly database: DatabaseHandle;
  readonly works: readonly BackgroundWork[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Runs all works until the signal aborts. A round that throws is logged and tried again at its next time. */
export async function runBackground(options: BackgroundOptions): Promise<void> {
  await Promise.all(options.works.map((work) => runWork(options, work)));
}

async function runWork({ database, logger, signal }: BackgroundOptions, work: BackgroundWork): Promise<void> {
  while (!signal.aborted) {
    try {
      await exclusively(database, work.name, () => work.run(signal));
    } catch (error) {
      if (!signal.aborted)
        logger.warn({ err: error, work: work.name }, 'background work failed; it is tried again');
    }
    await sleep(work.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** The lock belongs to the connection, so a worker that dies gives it back by dying. */
async function exclusively({ pool }: DatabaseHandle, name: string, act: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let held = false;
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtext($1)) AS held',
      [`background:${name}`],
    );
    held = rows[0]?.held ?? false;
    if (held) await act();
  } finally {
    if (held) await client.query('SELECT pg_advisory_unlock(hashtext($1))', [`background:${name}`]);
    client.release();
  }
}
