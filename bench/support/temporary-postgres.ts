import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { POSTGRES_STOP_SIGNAL, startPostgres } from '@/server/supervisor/postgres/postgres';
import { stopProcess } from '@/server/supervisor/process/running';

/**
 * Runs `act` against the embedded Postgres with its production settings (fsync and synchronous_commit
 * on), on a folder that is removed afterwards.
 */
export async function withPostgres(act: (url: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'signalbox-bench-'));
  const postgres = await startPostgres({
    root: process.cwd(),
    dataDir,
    logFile: path.join(dataDir, 'postgres.log'),
  });
  try {
    await act(postgres.url);
  } finally {
    await stopProcess(postgres.process, POSTGRES_STOP_SIGNAL, 5_000);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
