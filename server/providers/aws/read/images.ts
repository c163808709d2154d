import { createHash } from 'node:crypto';
import { type Filter, type Image, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { AwsConfig } from '@/server/providers/aws/config';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { tagsOf } from '@/server/providers/aws/words/tags';
import { type ArtifactQuery, ProviderError } from '@/server/providers/provider';

/** What an image is as an artifact; null for one without the tags. */
export function artifactOf({ machineImages: images }: AwsConfig, image: Image): ArtifactRef | null {
  const tags = tagsOf(image.Tags);
  const name = tags[images.nameTag];
  const version = tags[images.versionTag];
  if (name === undefined || version === undefined) return null;
  return { name, version, digest: tags[images.digestTag] ?? digestOf(image.ImageId ?? '') };
}

/** An image never changes, so that its id stands for its bytes where no tag does. */
function digestOf(id: string): string {
  return `sha256:${createHash('sha256').update(id).digest('hex')}`;
}

/** @throws ProviderError `not_found` when the region has no such image. */
export async function findImage(
  { config }: Platform,
  region: Region,
  artifact: ArtifactRef,
): Promise<string> {
  const labelled = await imagesOf(config, region, artifact);
  const found = labelled.find((image) => artifactOf(config, image)?.digest === artifact.digest);
  if (found?.ImageId !== undefined) return found.ImageId;
  const label = `${artifact.name} ${artifact.version}`;
  throw new ProviderError(
    'not_found',
    labelled.length === 0
      ? `There is no image of ${label} in ${region.name}. Bake it there, or copy it with its tags.`
      : `The image of ${label} in ${region.name} is another one: none has the digest ${artifact.digest}.`,
  );
}

/** Images that are artifacts of that name, newest first. */
export async function findImages(
  platform: Platform,
  { region, name, tags }: ArtifactQuery,
  signal?: AbortSignal,
): Promise<ArtifactRef[]> {
  const { machineImages: images } = platform.config;
  const wanted = Object.entries({ ...tags, [images.nameTag]: name });
  const found = await readImages(
    platform.region(region),
    images.owners,
    [
      { Name: 'state', Values: ['available'] },
      ...wanted.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
    ],
    signal,
  );
  return found.flatMap((image) => artifactOf(platform.config, image) ?? []);
}

/** Those that can be used, newest first. */
export async function imagesOf(
  { machineImages: images }: AwsConfig,
  region: Pick<Region, 'ec2'>,
  { name, version }: Pick<ArtifactRef, 'name' | 'version'>,
): Promise<Image[]> {
  return readImages(region, images.owners, [
    { Name: 'state', Values: ['available'] },
    { Name: `tag:${images.nameTag}`, Values: [name] },
    { Name: `tag:${images.versionTag}`, Values: [version] },
  ]);
}

export async function readImages(
  { ec2 }: Pick<Region, 'ec2'>,
  owners: readonly string[],
  Filters: Filter[],
  signal?: AbortSignal,
): Promise<Image[]> {
  const found: Image[] = [];
  const asked = { Owners: [...owners], Filters };
  for await (const { Images } of paginateDescribeImages({ client: ec2 }, asked, { abortSignal: signal }))
    found.push(...(Images ?? []));
  return found.toSorted((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''));
}
