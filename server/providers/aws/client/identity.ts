import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Budget } from '@/server/providers/aws/client/budget';
import { clientOptions, guard, rateOf } from '@/server/providers/aws/client/clients';
import type { Connection } from '@/server/providers/aws/client/credentials';
import { ProviderError } from '@/server/providers/provider';

/** It is asked when an account is saved or tested, and never in a loop. */
const RATE = { burst: 10, perSecond: 1 };

/**
 * Tells the AWS account behind the settings from all others: its number counts within a partition, and an endpoint of
 * its own is a cloud of its own. Needs no permission.
 */
export async function accountIdentity(
  config: Connection,
  region: string,
  signal?: AbortSignal,
): Promise<string> {
  const client = new STSClient(clientOptions(config, region));
  guard(client.middlewareStack, new Budget(rateOf(config, RATE)), { endpoint: config.endpoint });
  try {
    const { Account, Arn = '' } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: signal,
    });
    if (Account === undefined) throw new ProviderError('unavailable', 'AWS did not say which account it is.');
    const [, partition = ''] = Arn.split(':');
    const endpoint = config.endpoint === undefined ? '' : new URL(config.endpoint).href;
    return [partition, Account, endpoint].join(' ');
  } finally {
    client.destroy();
  }
}
