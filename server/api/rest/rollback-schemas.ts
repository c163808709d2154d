import { z } from 'zod';
import type { Rendered } from '@/server/api/rest/render';
import { platformSchema, rollbackPreviewSchema } from '@/server/api/rest/schemas';
import type { EverywhereRollbackPreview } from '@/server/domain/views/rollback';

export const everywhereRollbackSchema: z.ZodType<Rendered<EverywhereRollbackPreview>> = z.object({
  application: z.string(),
  executionId: z.uuid().nullable(),
  version: z.string().nullable(),
  possible: z.boolean(),
  why: z.string().nullable(),
  places: z.array(rollbackPreviewSchema.and(z.object({ platform: platformSchema }))),
  expectedSeconds: z.number(),
  measured: z.boolean(),
  vetoes: z.array(z.object({ name: z.string(), version: z.string(), digest: z.string() })),
  withdraws: z.array(z.object({ executionId: z.uuid(), version: z.string().nullable() })),
});
