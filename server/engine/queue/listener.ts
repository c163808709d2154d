import type { DatabaseHandle } from '@/db/client';
import { CHANNEL } from '@/server/domain/events';
import { backoffMs } from '@/server/engine/backoff';
import type { Logger } from '@/server/log';

/**
 * Hears NOTIFY on the jobs channel until the signal aborts, and reconnects when the database comes
 * back. What was said while deaf is found by the poll.
 */
export async function listenForJobs(
  database: DatabaseHandle,
  onWord: (word: string) => void,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      await listenOnce(database, onWord, signal, () => {
        failures = 0;
      });
    } catch (error) {
      failures += 1;
      logger.warn({ err: error }, 'not hearing the database; polling meanwhile');
      await pause(backoffMs(failures, 250, 5_000), signal);
    }
  }
}

async function listenOnce(
  database: DatabaseHandle,
  onWord: (word: string) => void,
  signal: AbortSignal,
  onStanding: () => void,
): Promise<void> {
  const client = await database.pool.connect();
  try {
    // An abort that came while connecting would never be told again.
    if (signal.aborted) return;
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection ended')));
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // Awaited below; without this a loss during LISTEN itself would be an unhandled rejection.
    ended.catch(() => undefined);
    client.on('notification', (notice) => onWord(notice.payload ?? ''));
    await client.query(`LISTEN ${CHANNEL.jobs}`);
    onStanding();
    onWord('');
    await ended;
  } finally {
    client.removeAllListeners('notification');
    client.release(true);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
