import type { ArtifactRef } from '@/server/domain/inventory';
import type { KubernetesConfig } from '@/server/providers/kubernetes/config';
import { ProviderError } from '@/server/providers/provider';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^\w[\w.-]{0,127}$/;

/**
 * The image of an artifact. Its digest is what runs; the version stands beside it for people to read.
 * @throws ProviderError `not_found` for an artifact without the digest of an image.
 */
export function imageFor({ images }: Pick<KubernetesConfig, 'images'>, artifact: ArtifactRef): string {
  const { name, version, digest } = artifact;
  if (!DIGEST.test(digest))
    throw new ProviderError(
      'not_found',
      `artifact ${name} ${version} has no image: "${digest}" is not the digest of one (sha256: and 64 hex digits)`,
    );
  const repository = images?.replaceAll('{name}', name) ?? name;
  return TAG.test(version) ? `${repository}:${version}@${digest}` : `${repository}@${digest}`;
}
