import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { canReach, type SystemAccount } from './account';
import { SYSTEM_HOME } from './binaries';

const settingsSchema = z.object({
  directory: z.string(),
  password: z.string(),
  port: z.number().int(),
});

/** What must stay the same from start to start. Holds the password: mode 0600. */
export type PostgresSettings = z.infer<typeof settingsSchema>;

/** Settings of an earlier start, or new ones. `port` 0 means that none was chosen yet. */
export function readSettings(dataDir: string, account: SystemAccount | null): PostgresSettings {
  const file = settingsFile(dataDir);
  if (existsSync(file)) return settingsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const settings = {
    directory: chooseDirectory(dataDir, account),
    password: randomBytes(24).toString('hex'),
    port: 0,
  };
  writeSettings(dataDir, settings);
  return settings;
}

/** Written whole or not at all. */
export function writeSettings(dataDir: string, settings: PostgresSettings): void {
  const file = settingsFile(dataDir);
  writeFileSync(`${file}.new`, JSON.stringify(settings, null, 2), {
    mode: 0o600,
  });
  renameSync(`${file}.new`, file);
}

/**
 * Inside the data folder, unless the account that runs Postgres cannot get there (a checkout under
 * root's private home). The random part keeps a data folder that was deleted and made anew from
 * finding the database of its predecessor.
 */
function chooseDirectory(dataDir: string, account: SystemAccount | null): string {
  // Passing through is enough for the lent account; secrets beside it have their own modes.
  if (account) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  if (!account || canReach(account, dataDir)) return path.join(dataDir, 'postgres');
  const home = path.join(SYSTEM_HOME, randomUUID());
  mkdirSync(home, { recursive: true, mode: 0o755 });
  return path.join(home, 'postgres');
}

function settingsFile(dataDir: string): string {
  return path.join(dataDir, 'postgres.json');
}
