import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { and, asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { users } from '@/db/schema';
import { systemClock } from '@/server/domain/clock';
import { PERMISSIONS } from '@/server/domain/roles';
import type { Environment } from '@/server/env';
import { personActor } from '@/server/services/auth/actor';
import { authenticateToken } from '@/server/services/auth/authenticate-token';
import { createToken } from '@/server/services/tokens/create';

const fileSchema = z.object({ url: z.string(), token: z.string() });

/**
 * Lets the command line work on this machine without any set-up: a file that only its owner can
 * read holds the address and an admin's token. A token that still works is kept.
 */
export async function keepCliToken(db: Database, env: Environment): Promise<void> {
  const file = env.SIGNALBOX_CLI_FILE ?? path.join(env.SIGNALBOX_DATA, 'cli.json');
  const kept = await readKept(file);
  const valid = kept !== null && (await authenticateToken(db, kept.token, 'cli')) !== null;
  if (valid && kept.url === env.SIGNALBOX_URL) return;
  const token = valid ? kept.token : await newToken(db);
  if (token !== null) await writePrivately(file, JSON.stringify({ url: env.SIGNALBOX_URL, token }, null, 2));
}

async function readKept(file: string): Promise<z.output<typeof fileSchema> | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Absent or damaged: it is written anew.
    return null;
  }
}

/** Null when there is no admin to act for. */
async function newToken(db: Database): Promise<string | null> {
  const [admin] = await db
    .select()
    .from(users)
    .where(and(eq(users.disabled, false), sql`'admin' = any(${users.roles})`))
    .orderBy(asc(users.createdAt))
    .limit(1);
  if (!admin) return null;
  const ctx = { db, clock: systemClock, actor: personActor(admin, 'engine') };
  const name = hostname().slice(0, 100);
  return (await createToken(ctx, { name, scopes: [...PERMISSIONS] })).token;
}

/** Whole or not at all, and never readable by others in between. */
async function writePrivately(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, file);
}
