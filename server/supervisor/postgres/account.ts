import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '@/server/domain/errors';

/** The system user that a Postgres started by root runs as. */
export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` last: a user of its own is better where a package made one. */
const CANDIDATES = ['signalbox', 'postgres', 'nobody'];

/**
 * Postgres refuses to run as root, so root has to lend it another account. Null for an ordinary user.
 * @throws AppError when root finds no account to lend.
 */
export function accountForPostgres(): SystemAccount | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of CANDIDATES) {
    const account = parseAccount(lines.find((line) => line.startsWith(`${name}:`)) ?? '');
    if (account && account.uid !== 0) return account;
  }
  throw new AppError(
    'unavailable',
    'Postgres does not run as root, and this machine has no user "postgres" or "nobody": start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The account a database folder belongs to already: only it can open the folder. */
export function accountOwning(directory: string): SystemAccount | null {
  if (process.getuid?.() !== 0 || !existsSync(directory)) return null;
  const { uid, gid } = statSync(directory);
  return uid === 0 ? null : { uid, gid };
}

/** Whether the account may pass through every folder down to and including `target`. */
export function canReach(account: SystemAccount, target: string): boolean {
  const full = path.resolve(target);
  const folders = [full];
  while (path.dirname(folders[0] ?? '/') !== folders[0]) folders.unshift(path.dirname(folders[0] ?? '/'));
  return folders.every((folder) => mayEnter(account, folder));
}

function mayEnter(account: SystemAccount, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** A line of /etc/passwd: name, password, uid, gid, … */
function parseAccount(line: string): SystemAccount | null {
  const [, , uid, gid] = line.split(':');
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}
