import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { identifyProcess, isRunning, type ProcessIdentity } from './process/identity';

const holderSchema = z.object({ pid: z.number().int(), startedAt: z.string() });

/**
 * Reserves the data folder for this process: two supervisors over one database folder and one local
 * cloud would fight.
 * @returns gives the folder back.
 * @throws AppError when a running process has it.
 */
export function lockDataFolder(dataDir: string): () => void {
  const file = path.join(dataDir, 'supervisor.lock');
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identifyProcess(process.pid)), {
    mode: 0o600,
  });
  try {
    while (!tryLink(own, file)) {
      const holder = readHolder(file);
      if (holder && isRunning(holder)) throw refusal(dataDir, holder.pid);
      discardStale(file, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** @throws AppError when a running process holds the folder. */
export function assertUnlocked(dataDir: string): void {
  const holder = readHolder(path.join(dataDir, 'supervisor.lock'));
  if (holder && isRunning(holder)) throw refusal(dataDir, holder.pid);
}

function refusal(dataDir: string, pid: number): AppError {
  return new AppError(
    'conflict',
    `Signalbox already runs on ${dataDir} (process ${pid}): stop it first, or set SIGNALBOX_DATA to another folder.`,
  );
}

function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Renaming first: of two starters that both saw the stale lock, only one may remove it. */
function discardStale(file: string, holder: ProcessIdentity | null): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved?.pid !== holder?.pid && moved && isRunning(moved)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function readHolder(file: string): ProcessIdentity | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
