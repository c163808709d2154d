import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { type Clients, clientsOf } from '@/server/providers/aws/client/clients';
import { accountIdentity } from '@/server/providers/aws/client/identity';
import type { AwsConfig, RegionConfig } from '@/server/providers/aws/config';
import { Others } from '@/server/providers/aws/read/others';
import { ProviderError } from '@/server/providers/provider';

export interface Region extends Clients {
  readonly name: string;
  readonly settings: RegionConfig;
  /** What is remembered of what others made. */
  readonly others: Others;
  /** The VPC of its subnets. */
  vpc(): Promise<string>;
}

/** What every verb works with: one account. */
export class Platform {
  readonly regions: readonly Region[];

  constructor(
    readonly account: string,
    readonly config: AwsConfig,
  ) {
    this.regions = config.regions.map((settings) => regionOf(config, settings));
  }

  /** @throws ProviderError `invalid` for one that the account does not name. */
  region(name: string): Region {
    const found = this.regions.find((region) => region.name === name);
    if (found) return found;
    throw new ProviderError('invalid', `The account does not use the region "${name}". Add it there first.`);
  }

  /** Of the account at AWS, whichever way leads there. */
  identity(signal?: AbortSignal): Promise<string> {
    return accountIdentity(this.config, this.config.regions[0]?.region ?? '', signal);
  }
}

function regionOf(config: AwsConfig, settings: RegionConfig): Region {
  const clients = clientsOf(config, settings.region);
  let known: string | undefined;
  const vpc = async () => {
    if (known !== undefined) return known;
    const { Subnets } = await clients.ec2.send(new DescribeSubnetsCommand({ SubnetIds: settings.subnets }));
    known = Subnets?.[0]?.VpcId;
    if (known !== undefined) return known;
    throw new ProviderError('invalid', `The subnets of ${settings.region} are not to be found.`);
  };
  return { ...clients, name: settings.region, settings, others: new Others(), vpc };
}
