import { z } from 'zod';
import { accounts } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import { loadProvider } from '@/server/services/accounts/load-provider';
import { publishArtifact, publishArtifactInput } from '@/server/services/artifacts/publish';
import { requirePermission, type ServiceContext } from '@/server/services/context';

export const uploadArtifactInput = publishArtifactInput
  .pick({ name: true, version: true, metadata: true })
  .extend({
    content: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  });

/**
 * Puts an artifact's bytes into every platform that keeps a registry of its own, and registers it by
 * the digest they agree on.
 */
export async function uploadArtifact(
  ctx: ServiceContext,
  { name, version, metadata, content }: z.output<typeof uploadArtifactInput>,
): Promise<ArtifactRef & { created: boolean }> {
  requirePermission(ctx, 'artifact.publish');
  if (content.byteLength === 0) throw new AppError('bad_request', 'The body is empty. Send a .tgz file.');
  const stored: ArtifactRef[] = [];
  for (const account of await ctx.db.select().from(accounts).orderBy(accounts.name)) {
    stored.push(...(await storeIn(account, { name, version, content })));
  }
  const [first] = stored;
  if (!first) {
    throw new AppError(
      'unprocessable',
      'No account keeps artifacts of its own. Register the digest instead.',
    );
  }
  return publishArtifact(ctx, { name, version, digest: first.digest, metadata });
}

async function storeIn(
  account: typeof accounts.$inferSelect,
  artifact: { readonly name: string; readonly version: string; readonly content: Uint8Array },
): Promise<ArtifactRef[]> {
  const { provider, asAppError } = await loadProvider(account);
  if (!provider.artifacts) return [];
  try {
    return [await provider.artifacts.publish(artifact.name, artifact.version, artifact.content)];
  } catch (error) {
    throw asAppError(error);
  }
}
