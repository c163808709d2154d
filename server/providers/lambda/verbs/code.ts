import type { ArtifactRef } from '@/server/domain/inventory';
import type { LambdaConfig } from '@/server/providers/lambda/config';
import { ProviderError } from '@/server/providers/provider';

/** Where AWS fetches the code of an artifact from. */
export type CodeSource =
  | { readonly S3Bucket: string; readonly S3Key: string }
  | { readonly ImageUri: string };

export function codeOf(config: LambdaConfig, region: string, artifact: ArtifactRef): CodeSource {
  const filled = (template: string) =>
    template
      .replaceAll('{name}', artifact.name)
      .replaceAll('{version}', artifact.version)
      .replaceAll('{region}', region);
  const { package: zip, imageUri } = config;
  if (zip) return { S3Bucket: filled(zip.bucket), S3Key: filled(zip.key) };
  if (imageUri !== undefined) return { ImageUri: filled(imageUri) };
  throw new ProviderError(
    'invalid',
    'The account does not say where code lies. Name its packages or images.',
  );
}

export function sourceText(source: CodeSource): string {
  return 'ImageUri' in source ? source.ImageUri : `s3://${source.S3Bucket}/${source.S3Key}`;
}
