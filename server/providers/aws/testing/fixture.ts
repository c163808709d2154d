import { CreateTagsCommand, DescribeSubnetsCommand, RegisterImageCommand } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { accounts } from '@/db/schema';
import type { TestDatabase } from '@/db/test/database';
import type { ArtifactRef } from '@/server/domain/inventory';
import { startMoto } from '@/server/metrics/testing/moto-server';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { clientsOf } from '@/server/providers/aws/client/clients';
import { type AwsConfig, awsConfigSchema } from '@/server/providers/aws/config';
import { imagesOf } from '@/server/providers/aws/read/images';
import { type FaultProxy, startFaultProxy } from '@/server/providers/aws/testing/fault-proxy';
import { tagList } from '@/server/providers/aws/words/tags';
import type { Provider } from '@/server/providers/provider';

export const REGION = 'eu-west-1';
export const ACCOUNT = 'cloud';

export interface AwsBench {
  readonly provider: Provider;
  readonly config: AwsConfig;
  readonly proxy: FaultProxy;
  /** Of moto itself, for what the proxy does not hand on. */
  readonly url: string;
  readonly artifacts: readonly [ArtifactRef, ArtifactRef];
  stop(): Promise<void>;
}

/** A moto of its own behind the fault proxy, with two images in it. */
export async function makeAwsBench(more: Readonly<Record<string, unknown>> = {}): Promise<AwsBench> {
  // The SDK signs with whatever it finds, and moto takes any.
  process.env.AWS_ACCESS_KEY_ID ??= 'AKIAIOSFODNN7EXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'tester';
  const moto = await startMoto();
  const proxy = await startFaultProxy(moto.url);
  const configured = (subnets: readonly string[]) =>
    awsConfigSchema.parse({
      endpoint: proxy.url,
      regions: [{ region: REGION, subnets }],
      sweepSeconds: 1,
      ...more,
    });
  const config = configured(await subnetsOf(configured(['subnet-0']), REGION));
  const artifacts = [await makeImage(config, '1.0.0'), await makeImage(config, '1.1.0')] as const;
  return {
    provider: createAwsProvider(ACCOUNT, config),
    config,
    proxy,
    url: moto.url,
    artifacts,
    async stop() {
      await proxy.stop();
      await moto.stop();
    },
  };
}

/** As `makeAwsBench`, with the account in a database, so that an engine can deploy to it. */
export async function makeAwsAccount({ db }: Pick<TestDatabase, 'db'>): Promise<AwsBench> {
  const bench = await makeAwsBench();
  const config = { ...bench.config, regions: [...bench.config.regions] };
  await db.insert(accounts).values({ name: ACCOUNT, provider: 'aws', config });
  return bench;
}

export async function subnetsOf(config: AwsConfig, region: string): Promise<string[]> {
  const { Subnets = [] } = await clientsOf(config, region).ec2.send(new DescribeSubnetsCommand({}));
  return Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 2);
}

/** An image of the artifact `contract`; one that the region has already is the same. */
export async function makeImage(config: AwsConfig, version: string, region = REGION): Promise<ArtifactRef> {
  const artifact = {
    name: 'contract',
    version,
    digest: `sha256:${version.replaceAll('.', '').padEnd(64, '0')}`,
  };
  const { machineImages: images } = config;
  const tags = {
    [images.nameTag]: artifact.name,
    [images.versionTag]: artifact.version,
    [images.digestTag]: artifact.digest,
  };
  const { ec2 } = clientsOf(config, region);
  if ((await imagesOf(config, { ec2 }, artifact)).length > 0) return artifact;
  const { ImageId = '' } = await ec2.send(new RegisterImageCommand({ Name: `contract-${version}` }));
  await ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags: tagList(tags) }));
  return artifact;
}

/** A certificate for load balancers. @returns its ARN. */
export async function makeCertificate({ url }: AwsBench): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'CertificateManager.RequestCertificate',
      // moto tells by it which service and region are meant.
      authorization: `AWS4-HMAC-SHA256 Credential=x/20260101/${REGION}/acm/aws4_request`,
    },
    body: JSON.stringify({ DomainName: 'example.com' }),
  });
  return z.object({ CertificateArn: z.string() }).parse(await response.json()).CertificateArn;
}
