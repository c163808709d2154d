import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { accounts, environments, serverGroups } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { maskText } from '@/server/domain/mask';
import type { InstanceLog } from '@/server/domain/views/application';
import { loadProvider } from '@/server/services/accounts/load-provider';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { listed } from '@/server/services/shared/sentences';

const PATIENCE_MS = 10_000;
const NAMED = 10;

export const instanceLogInput = z.object({
  serverGroup: z.string().min(1),
  /** Which of the places that have such a group; the first one when absent. */
  account: z.string().optional(),
  region: z.string().optional(),
  /** The one that is least well when absent. */
  instance: z.string().optional(),
  lines: z.number().int().min(1).max(1000).default(200),
});
type Input = z.output<typeof instanceLogInput>;

/** The last lines that an instance wrote, read from its platform just now. Configuration values are hidden. */
export async function readInstanceLog(ctx: ServiceContext, input: Input): Promise<InstanceLog> {
  requirePermission(ctx, 'read');
  const { group, instance } = await findInstance(ctx, input);
  const { account, region, name: serverGroup, cluster } = group;
  const [row] = await ctx.db.select().from(accounts).where(eq(accounts.name, account));
  if (!row) throw new AppError('not_found', `There is no account "${account}".`);
  const { provider, asAppError } = await loadProvider(row);
  if (!provider.readLog)
    throw new AppError('unprocessable', `The platform of the account "${account}" keeps no logs.`);
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const text = await provider
    .readLog({ region, name: serverGroup }, instance, input.lines, limit)
    .catch((error: unknown) => {
      throw limit.aborted
        ? new AppError('unavailable', `${account} did not answer within ${PATIENCE_MS / 1_000} s.`)
        : asAppError(error);
    });
  const hidden = await configurationValues(ctx, account, cluster);
  const readAt = ctx.clock.now().toISOString();
  return { account, region, serverGroup, instance, text: maskText(text, hidden), readAt };
}

async function findInstance(
  ctx: ServiceContext,
  { serverGroup, account, region, instance }: Input,
): Promise<{ readonly group: ServerGroup; readonly instance: string }> {
  const rows = await ctx.db
    .select({ data: serverGroups.data })
    .from(serverGroups)
    .where(
      and(
        eq(serverGroups.name, serverGroup),
        account === undefined ? undefined : eq(serverGroups.account, account),
        region === undefined ? undefined : eq(serverGroups.region, region),
      ),
    )
    .orderBy(serverGroups.account, serverGroups.region);
  if (rows.length === 0) throw new AppError('not_found', `There is no server group "${serverGroup}".`);
  const all = rows.flatMap(({ data }) => data.instances.map((one) => ({ group: data, one })));
  const found =
    instance === undefined
      ? (all.find(({ one }) => one.health !== 'healthy') ?? all[0])
      : all.find(({ one }) => one.id === instance);
  if (found) return { group: found.group, instance: found.one.id };
  throw new AppError(
    'not_found',
    absence(
      serverGroup,
      instance,
      all.map(({ one }) => one),
    ),
  );
}

function absence(serverGroup: string, instance: string | undefined, all: readonly Instance[]): string {
  if (instance === undefined) return `${serverGroup} has no instances.`;
  return `${serverGroup} has no instance "${instance}". ${listed(
    'Instances',
    all.slice(0, NAMED).map((one) => one.id),
  )}`;
}

async function configurationValues(ctx: ServiceContext, account: string, cluster: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ config: environments.config })
    .from(environments)
    .where(and(eq(environments.account, account), eq(environments.cluster, cluster)));
  return rows.flatMap((row) => Object.values(row.config));
}
