import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { accounts, metricsSources, users } from '@/db/schema';
import { systemClock } from '@/server/domain/clock';
import { isAppError } from '@/server/domain/errors';
import { PERMISSIONS } from '@/server/domain/roles';
import type { Environment } from '@/server/env';
import type { Logger } from '@/server/log';
import { applyAccount } from '@/server/services/accounts/apply';
import type { ServiceContext } from '@/server/services/context';
import { keepCliToken } from '@/server/services/demo/cli-token';
import { seedDemo } from '@/server/services/demo/demo';
import { applyMetricsSource } from '@/server/services/metrics-sources/apply';
import { createUser } from '@/server/services/users/create';

export interface SeedAnswer {
  readonly adminPassword?: string;
}

/** The local cloud's account, where there is one. */
const LOCAL_ACCOUNT = 'local';

/**
 * Makes the first admin, the local account, the command line's token and the example application,
 * each only where it is missing, so that it can run at every start.
 */
export async function seed(db: Database, env: Environment, log: Logger): Promise<SeedAnswer> {
  const ctx = systemContext(db);
  await localAccount(ctx, env);
  if (env.SIGNALBOX_DEMO && env.SIGNALBOX_CLOUD_URL) await seedDemo(ctx, env, log);
  // Last, because the password is shown once: a failure before must not swallow it.
  const adminPassword = await firstAdmin(ctx);
  await keepCliToken(db, env);
  return adminPassword === null ? {} : { adminPassword };
}

/** Nobody is there yet who could be asked: the installation acts for itself, and the audit trail says so. */
function systemContext(db: Database): ServiceContext {
  return {
    db,
    clock: systemClock,
    actor: {
      userId: null,
      name: 'Signalbox',
      roles: ['admin'],
      permissions: new Set(PERMISSIONS),
      via: 'engine',
    },
  };
}

/** The password, when an admin was made. */
async function firstAdmin(ctx: ServiceContext): Promise<string | null> {
  const [someone] = await ctx.db.select({ id: users.id }).from(users).limit(1);
  if (someone) return null;
  try {
    const admin = { username: 'admin', displayName: 'Administrator', roles: ['admin' as const] };
    return (await createUser(ctx, admin)).password;
  } catch (error) {
    // Another machine has just made it, and printed its password.
    if (isAppError(error) && error.code === 'conflict') return null;
    throw error;
  }
}

async function localAccount(ctx: ServiceContext, env: Environment): Promise<void> {
  if (!env.SIGNALBOX_CLOUD_URL) return;
  const [there] = await ctx.db
    .select({ name: accounts.name })
    .from(accounts)
    .where(eq(accounts.name, LOCAL_ACCOUNT));
  const [source] = await ctx.db
    .select({ name: metricsSources.name })
    .from(metricsSources)
    .where(eq(metricsSources.name, LOCAL_ACCOUNT));
  if (!source) await applyMetricsSource(ctx, { name: LOCAL_ACCOUNT, kind: 'local', config: {}, secrets: {} });
  // Its address comes from the environment of each process, because it may differ from start to start.
  if (!there) await applyAccount(ctx, { name: LOCAL_ACCOUNT, provider: 'local', config: {} });
}
