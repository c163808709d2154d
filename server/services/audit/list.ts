import { z } from 'zod';
import type { AuditPage } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const listAuditInput = z.object({ application: z.string().optional(), action: z.string().optional(), actor: z.string().optional(), cursor: z.string().nullish(), limit: z.number().int().min(1).max(200).default(50) });

/** Who changed what, newest first. */
export async function listAudit(ctx: ServiceContext, input: z.output<typeof listAuditInput>): Promise<AuditPage> {
  throw new Error(`stub listAudit ${String(ctx)} ${String(input)}`);
}
