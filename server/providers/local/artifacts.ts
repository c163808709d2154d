import { artifactAnswer, artifactsAnswer } from '@/server/providers/local/api-types';
import type { LocalClient } from '@/server/providers/local/client';
import type { ArtifactRegistry } from '@/server/providers/provider';

/** The local cloud's own registry. */
export function localArtifacts(client: LocalClient): ArtifactRegistry {
  return {
    async publish(name, version, tgz) {
      const path = `/v1/artifacts/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
      const { artifact } = await client.send({ method: 'PUT', path, bytes: tgz, answer: artifactAnswer });
      return artifact;
    },
    async list(signal) {
      return (await client.send({ method: 'GET', path: '/v1/artifacts', signal, answer: artifactsAnswer }))
        .artifacts;
    },
  };
}
