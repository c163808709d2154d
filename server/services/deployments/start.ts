import { z } from 'zod';
import type { ServiceContext } from '@/server/services/context';

export const startDeploymentInput = z.object({ artifact: z.string(), environment: z.string(), version: z.string(), application: z.string().optional(), idempotencyKey: z.string().max(200).optional() });

/** Deploys a version to an environment through its pipeline. */
export async function startDeployment(ctx: ServiceContext, input: z.output<typeof startDeploymentInput>): Promise<{ executionId: string }> {
  throw new Error(`stub startDeployment ${String(ctx)} ${String(input)}`);
}
