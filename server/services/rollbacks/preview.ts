import { z } from 'zod';
import type { RollbackPreview } from '@/server/domain/views/execution';
import type { ServiceContext } from '@/server/services/context';

export const previewRollbackInput = z.object({ application: z.string(), cluster: z.string() });

/** What a rollback would do, and how long it would take. */
export async function previewRollback(ctx: ServiceContext, input: z.output<typeof previewRollbackInput>): Promise<RollbackPreview> {
  throw new Error(`stub previewRollback ${String(ctx)} ${String(input)}`);
}
