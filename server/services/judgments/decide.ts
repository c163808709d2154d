import { z } from 'zod';
import type { JudgmentView } from '@/server/domain/views/execution';
import type { ServiceContext } from '@/server/services/context';

export const decideJudgmentInput = z.object({ executionId: z.uuid(), refId: z.string(), decision: z.enum(['continue', 'stop']), input: z.string().max(200).optional(), comment: z.string().max(2000).optional() });

/** Decides a gate, once. */
export async function decideJudgment(ctx: ServiceContext, input: z.output<typeof decideJudgmentInput>): Promise<JudgmentView> {
  throw new Error(`stub decideJudgment ${String(ctx)} ${String(input)}`);
}
