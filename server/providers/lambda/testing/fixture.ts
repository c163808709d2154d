import { createHash } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { ArtifactRef } from '@/server/domain/inventory';
import { makeRole, putObject, startMoto } from '@/server/metrics/testing/moto-server';
import { createLambdaProvider } from '@/server/providers/lambda/adapter';
import { type LambdaConfig, lambdaConfigSchema } from '@/server/providers/lambda/config';
import { type FaultProxy, startFaultProxy } from '@/server/providers/lambda/testing/fault-proxy';
import type { Provider } from '@/server/providers/provider';

export const REGION = 'eu-west-1';
export const ACCOUNT = 'functions';
const BUCKET = 'packages';

export interface LambdaBench {
  readonly provider: Provider;
  readonly config: LambdaConfig;
  readonly proxy: FaultProxy;
  readonly artifacts: readonly [ArtifactRef, ArtifactRef];
  /** For what others do to the account. */
  readonly lambda: LambdaClient;
  readonly executionRole: string;
  /** Puts code that is only its own text where the account looks for it. */
  packaged(name: string, version: string): Promise<ArtifactRef>;
  stop(): Promise<void>;
}

/** A moto of its own behind the fault proxy, with a role for functions and two packages in it. */
export async function makeLambdaBench(more: Readonly<Record<string, unknown>> = {}): Promise<LambdaBench> {
  // The SDK signs with whatever it finds, and moto takes any.
  process.env.AWS_ACCESS_KEY_ID ??= 'AKIAIOSFODNN7EXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'tester';
  const moto = await startMoto();
  const proxy = await startFaultProxy(moto.url);
  const executionRole = await makeRole(moto.url, 'function', 'lambda.amazonaws.com');
  const config = lambdaConfigSchema.parse({
    endpoint: proxy.url,
    regions: [REGION],
    package: { bucket: BUCKET },
    executionRole,
    sweepSeconds: 1,
    ...more,
  });
  await putObject(moto.url, BUCKET, '');
  const packaged = async (name: string, version: string): Promise<ArtifactRef> => {
    const code = `${name} ${version}`;
    await putObject(moto.url, `${BUCKET}/${name}/${version}.zip`, code);
    return { name, version, digest: `sha256:${createHash('sha256').update(code).digest('hex')}` };
  };
  const artifacts = [await packaged('contract', '1.0.0'), await packaged('contract', '1.1.0')] as const;
  return {
    provider: createLambdaProvider(ACCOUNT, config),
    config,
    proxy,
    artifacts,
    lambda: new LambdaClient({ region: REGION, endpoint: proxy.url }),
    executionRole,
    packaged,
    async stop() {
      await proxy.stop();
      await moto.stop();
    },
  };
}
