import { LambdaClient } from '@aws-sdk/client-lambda';
import { Budget, type Rate } from '@/server/providers/aws/client/budget';
import { clientOptions, guard, rateOf } from '@/server/providers/aws/client/clients';
import { accountIdentity } from '@/server/providers/aws/client/identity';
import type { LambdaConfig } from '@/server/providers/lambda/config';
import { ProviderError } from '@/server/providers/provider';

/**
 * Half of what AWS allows in a region: 100 a second for GetFunction, and 15 for all other calls of the control plane
 * together.
 */
const RATES = {
  states: { burst: 50, perSecond: 50 },
  control: { burst: 8, perSecond: 7 },
} as const satisfies Record<string, Rate>;

export interface Region {
  readonly name: string;
  readonly lambda: LambdaClient;
  /** For GetFunction only, which has a budget of its own. */
  readonly states: LambdaClient;
  /** When it last answered, on the clock of `performance.now`. */
  answeredAt(): number;
}

/** What every verb works with: one account. */
export class Platform {
  readonly regions: readonly Region[];

  constructor(
    readonly account: string,
    readonly config: LambdaConfig,
  ) {
    this.regions = config.regions.map((name) => regionOf(config, name));
  }

  /** @throws ProviderError `invalid` for one that the account does not name. */
  region(name: string): Region {
    const found = this.regions.find((region) => region.name === name);
    if (found) return found;
    throw new ProviderError('invalid', `The account does not use the region "${name}". Add it there first.`);
  }

  /** Of the account at AWS, whichever way leads there. */
  identity(signal?: AbortSignal): Promise<string> {
    return accountIdentity(this.config, this.config.regions[0] ?? '', signal);
  }
}

const known = new Map<string, Region>();

/** The same clients, and so the same budgets, for every account that is the same identity in the same region. */
function regionOf(config: LambdaConfig, name: string): Region {
  const { roleArn, externalId, endpoint } = config;
  const key = JSON.stringify([roleArn, externalId, endpoint, name]);
  const found = known.get(key) ?? connect(config, name);
  known.set(key, found);
  return found;
}

function connect(config: LambdaConfig, name: string): Region {
  let answeredAt = performance.now();
  const onAnswer = () => {
    answeredAt = performance.now();
  };
  const client = (rate: Rate) => {
    const made = new LambdaClient(clientOptions(config, name));
    guard(made.middlewareStack, new Budget(rateOf(config, rate)), { endpoint: config.endpoint, onAnswer });
    return made;
  };
  const [lambda, states] = [client(RATES.control), client(RATES.states)];
  return { name, lambda, states, answeredAt: () => answeredAt };
}
