import { z } from 'zod';
import type { PipelineView } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const getPipelineInput = z.object({ application: z.string(), name: z.string() });

/** One pipeline. */
export async function getPipeline(ctx: ServiceContext, input: z.output<typeof getPipelineInput>): Promise<PipelineView> {
  throw new Error(`stub getPipeline ${String(ctx)} ${String(input)}`);
}
