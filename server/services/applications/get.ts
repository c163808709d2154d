import { z } from 'zod';
import type { ApplicationView } from '@/server/domain/views/application';
import type { ServiceContext } from '@/server/services/context';

export const getApplicationInput = z.object({ application: z.string() });

/** One application with its environments. */
export async function getApplication(ctx: ServiceContext, input: z.output<typeof getApplicationInput>): Promise<ApplicationView> {
  throw new Error(`stub getApplication ${String(ctx)} ${String(input)}`);
}
