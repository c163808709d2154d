import { z } from 'zod';
import type { ApplicationSummary } from '@/server/domain/views/application';
import type { ServiceContext } from '@/server/services/context';

export const listApplicationsInput = z.object({});

/** Every application with its counts. */
export async function listApplications(ctx: ServiceContext, input: z.output<typeof listApplicationsInput>): Promise<ApplicationSummary[]> {
  throw new Error(`stub listApplications ${String(ctx)} ${String(input)}`);
}
