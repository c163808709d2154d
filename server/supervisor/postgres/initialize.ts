import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@/server/domain/errors';
import type { SystemAccount } from './account';
import { owner } from './binaries';

export const SUPERUSER = 'signalbox';

/**
 * Creates the database cluster when there is none. It is built beside its place and renamed, so an
 * interrupted first start leaves nothing that looks finished.
 */
export async function initializeCluster(
  bin: string,
  directory: string,
  password: string,
  account: SystemAccount | null,
): Promise<void> {
  if (existsSync(path.join(directory, 'PG_VERSION'))) return;
  const partial = `${directory}.new`;
  const passwordFile = `${directory}.password`;
  rmSync(partial, { recursive: true, force: true });
  // Folders above must let the lent account through; only the cluster's own is private.
  mkdirSync(path.dirname(partial), { recursive: true, mode: 0o755 });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const file of [partial, passwordFile]) chownSync(file, account.uid, account.gid);
  try {
    await promisify(execFile)(path.join(bin, 'initdb'), initdbArguments(partial, passwordFile), {
      cwd: partial,
      // initdb asks the C library for the user's name; locale variables would leak into the cluster.
      env: {
        PATH: process.env.PATH ?? '',
        LC_ALL: 'C',
        NODE_ENV: process.env.NODE_ENV,
      },
      ...owner(account),
    });
    renameSync(partial, directory);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new AppError('unavailable', `The embedded Postgres could not be set up in ${directory}: ${words}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function initdbArguments(directory: string, passwordFile: string): string[] {
  return [
    `--pgdata=${directory}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Postgres's own collation: the same order on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    // The rename that follows is what makes the cluster count; the first checkpoint writes it out.
    '--no-sync',
  ];
}
