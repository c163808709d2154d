import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { failureOf } from '@/server/providers/aws/client/errors';
import type { AwsConfig } from '@/server/providers/aws/config';
import { ProviderError } from '@/server/providers/provider';

/** So it is known in CloudTrail. */
const SESSION_NAME = 'signalbox';

/** How an account is reached, whatever is used of it. */
export type Connection = Pick<AwsConfig, 'roleArn' | 'externalId' | 'endpoint'>;

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** The SDK asks again before then. */
  readonly expiration?: Date;
}

/** Who asks. Undefined leaves it to the SDK, which looks where Signalbox runs. */
export function credentialsOf(config: Connection, region: string): (() => Promise<Identity>) | undefined {
  const { roleArn, externalId, endpoint } = config;
  if (roleArn === undefined) return undefined;
  const client = new STSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const command = { RoleArn: roleArn, RoleSessionName: SESSION_NAME, ExternalId: externalId };
  return async () => {
    const { Credentials: given } = await client.send(new AssumeRoleCommand(command)).catch((error) => {
      throw refusalOf(failureOf(error, 'AssumeRole', endpoint), roleArn, externalId);
    });
    if (!given?.AccessKeyId || !given.SecretAccessKey)
      throw new ProviderError('unauthorized', `AWS gave no keys for the role ${roleArn}.`);
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    };
  };
}

/** What is to be done about it: AWS only says that it is not allowed. */
function refusalOf(failure: ProviderError, role: string, externalId: string | undefined): ProviderError {
  if (failure.code !== 'unauthorized') return failure;
  const condition =
    externalId === undefined
      ? 'and ask for no external id, because the account has none'
      : `and ask for the external id that the account has`;
  return new ProviderError(
    'unauthorized',
    `${failure.message}. The trust policy of ${role} must name who Signalbox runs as ${condition}; and whoever that is needs sts:AssumeRole on the role.`,
  );
}
