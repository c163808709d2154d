import type { ArtifactRef } from '@/server/domain/inventory';

const DIGEST = /sha256:[0-9a-f]{64}/;

/** The digest in an image's name or in what the kubelet says that runs; null when there is none. */
export function digestIn(text: string | undefined): string | null {
  return DIGEST.exec(text ?? '')?.[0] ?? null;
}

/**
 * The artifact that an image is. A tag says its version; without one the digest does, shortened.
 * @param running the digest of what runs, where it is known: a tag may have moved since.
 */
export function artifactIn(image: string, running: string | null): ArtifactRef {
  const [named = '', at] = image.split('@');
  const digest = running ?? digestIn(at) ?? '';
  // A colon before the last slash is that of a registry's port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? null : named.slice(colon + 1);
  return { name, version: tag ?? (at ? digest.slice(7, 19) : 'latest'), digest };
}
