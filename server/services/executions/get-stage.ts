import { z } from 'zod';
import type { StageDetails } from '@/server/domain/views/execution';
import type { ServiceContext } from '@/server/services/context';

export const getStageInput = z.object({ executionId: z.uuid(), refId: z.string() });

/** Details of one stage. */
export async function getStage(ctx: ServiceContext, input: z.output<typeof getStageInput>): Promise<StageDetails> {
  throw new Error(`stub getStage ${String(ctx)} ${String(input)}`);
}
