import { z } from 'zod';
import type { PipelineView } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const listPipelinesInput = z.object({ application: z.string() });

/** The pipelines of an application with their latest executions. */
export async function listPipelines(ctx: ServiceContext, input: z.output<typeof listPipelinesInput>): Promise<PipelineView[]> {
  throw new Error(`stub listPipelines ${String(ctx)} ${String(input)}`);
}
