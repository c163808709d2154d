import { z } from 'zod';
import type { ArtifactView } from '@/server/domain/views/admin';
import type { ServiceContext } from '@/server/services/context';

export const listArtifactsInput = z.object({ name: z.string().optional() });

/** Artifacts, newest first. */
export async function listArtifacts(
  ctx: ServiceContext,
  input: z.output<typeof listArtifactsInput>,
): Promise<ArtifactView[]> {
  throw new Error(`stub listArtifacts ${String(ctx)} ${String(input)}`);
}
