import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { CloudWatchConfig } from '@/server/metrics/cloudwatch/config';
import { failureOf } from '@/server/metrics/cloudwatch/failure';
import { type Service, sdkTransport } from '@/server/metrics/cloudwatch/transport';
import { MetricsError, type SourceContext } from '@/server/metrics/source';

const STS: Service = {
  name: 'AWS STS',
  answers: /^\s*(?:<\?xml[^>]*>\s*)?<(?:AssumeRoleResponse|ErrorResponse)\b/,
};
/** So it is known in CloudTrail. */
const SESSION_NAME = 'signalbox-metrics';

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** The SDK asks again before then. */
  readonly expiration?: Date;
}

/** Who asks. Undefined leaves it to the SDK, which looks where Signalbox runs. */
export function credentialsOf(
  config: CloudWatchConfig,
  context: SourceContext,
): Identity | (() => Promise<Identity>) | undefined {
  const { accessKeyId, secretAccessKeySecret: secretAccessKey, sessionTokenSecret: sessionToken } = config;
  const own = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : undefined;
  const { roleArn } = config;
  if (!roleArn) return own;
  const client = new STSClient({
    region: config.region,
    ...(config.stsEndpoint ? { endpoint: config.stsEndpoint } : {}),
    ...(own ? { credentials: own } : {}),
    maxAttempts: 1,
    requestHandler: sdkTransport(context, STS, config.timeoutSeconds),
  });
  return () => assume(client, roleArn, config.externalId);
}

/** @throws MetricsError */
async function assume(client: STSClient, roleArn: string, externalId?: string): Promise<Identity> {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: SESSION_NAME,
    ExternalId: externalId,
  });
  const { Credentials: given } = await client.send(command).catch((error: unknown) => {
    throw failureOf(error, STS.name);
  });
  if (!given?.AccessKeyId || !given.SecretAccessKey)
    throw new MetricsError('access', 'This is not AWS STS: it gives no keys. Check its endpoint.');
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}
