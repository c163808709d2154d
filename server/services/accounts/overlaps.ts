import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { accounts, serverGroups } from '@/db/schema';
import type { AccountOverlap } from '@/server/domain/views/application';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const listOverlapsInput = z.object({});

const rowSchema = z.object({ accounts: z.tuple([z.string(), z.string()]), region: z.string() });

/**
 * Accounts through which the same server groups are seen: of one name and region, and created in the same moment.
 * They are counted twice.
 */
export async function listOverlaps(
  ctx: ServiceContext,
  _input: z.output<typeof listOverlapsInput>,
): Promise<AccountOverlap[]> {
  requirePermission(ctx, 'read');
  const { rows } = await ctx.db.execute(sql`
    SELECT json_build_array(a.account, b.account) AS accounts, a.region
    FROM ${serverGroups} a
    JOIN ${serverGroups} b ON b.region = a.region AND b.name = a.name AND b.account > a.account
      AND b.data ->> 'createdAt' = a.data ->> 'createdAt'
    JOIN ${accounts} one ON one.name = a.account
    JOIN ${accounts} other ON other.name = b.account AND other.provider = one.provider
    GROUP BY a.account, b.account, a.region
    ORDER BY a.account, b.account, a.region`);
  return z.array(rowSchema).parse(rows);
}
