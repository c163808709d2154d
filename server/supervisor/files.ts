import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '@/server/domain/errors';

/**
 * Makes the data folder and proves that files can be written in it.
 * @throws AppError naming SIGNALBOX_DATA when they cannot.
 */
export function prepareDataFolder(dataDir: string): void {
  const probe = path.join(dataDir, `.probe-${process.pid}`);
  try {
    const isNew = !existsSync(dataDir);
    makeFolder(path.join(dataDir, 'logs'));
    // Logs tell more than every user of the machine should know; a folder that was given keeps its mode.
    if (isNew) chmodSync(dataDir, 0o700);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AppError(
      'unavailable',
      `The data folder ${dataDir} cannot be written (${reason}): set SIGNALBOX_DATA to a folder that you may write.`,
    );
  }
}

/** Not mkdir's `recursive`: Node 20 loops for ever where a file system refuses a new folder as missing (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

/** Readable by its owner only, and whole or absent, whatever happens while it is written. */
export function writePrivateFile(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode: 0o600 });
  renameSync(partial, file);
}

/** A generated secret that stays the same from start to start. */
export function keptSecret(dataDir: string, name: string): string {
  const file = path.join(dataDir, name);
  if (!existsSync(file)) writePrivateFile(file, randomBytes(32).toString('base64url'));
  return readFileSync(file, 'utf8').trim();
}
