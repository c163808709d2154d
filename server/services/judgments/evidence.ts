import { z } from 'zod';
import type { Evidence } from '@/server/domain/views/execution';
import type { ServiceContext } from '@/server/services/context';

export const getEvidenceInput = z.object({ executionId: z.uuid(), refId: z.string() });

/** What a person needs to decide a gate; frozen once decided. */
export async function getEvidence(ctx: ServiceContext, input: z.output<typeof getEvidenceInput>): Promise<Evidence> {
  throw new Error(`stub getEvidence ${String(ctx)} ${String(input)}`);
}
