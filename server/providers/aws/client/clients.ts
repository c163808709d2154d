import { AsyncLocalStorage } from 'node:async_hooks';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Budget, type Rate } from '@/server/providers/aws/client/budget';
import { type Connection, credentialsOf } from '@/server/providers/aws/client/credentials';
import { failureOf } from '@/server/providers/aws/client/errors';
import { Throttled } from '@/server/providers/aws/client/throttled';
import type { AwsConfig } from '@/server/providers/aws/config';

/** The services of one region as one account. */
export interface Clients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  /** When any of them last answered, on the clock of `performance.now`. */
  answeredAt(): number;
}

type Service = 'autoScaling' | 'ec2' | 'elb';

/**
 * Half of what AWS documents for reads (EC2 100 and 20 a second, load balancers 40 and 10), so that people and other
 * tools of the account find their share. Auto Scaling publishes nothing.
 */
export const RATES: Readonly<Record<Service, Rate>> = {
  autoScaling: { burst: 40, perSecond: 10 },
  ec2: { burst: 50, perSecond: 10 },
  elb: { burst: 20, perSecond: 5 },
};
/** Something of ours that speaks AWS's APIs has no such limits. */
const ENDPOINT_RATE: Rate = { burst: 1_000, perSecond: 1_000 };
/** The engine tries again with a longer breath; here only a hiccup is outlived. */
const MAX_ATTEMPTS = 3;
/** Without these the SDK waits for ever for an answer that does not come. */
const CONNECTION_MS = 5_000;
const REQUEST_MS = 20_000;

const sweeping = new AsyncLocalStorage<AbortSignal>();

/** Requests made within leave half of each budget to the others, and end with the signal. */
export function asSweep<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return sweeping.run(signal, work);
}

const known = new Map<string, Clients>();
const budgets = new Map<string, Budget>();

/** The same clients for every account that is the same identity in the same region. */
export function clientsOf(config: AwsConfig, region: string): Clients {
  const { roleArn, externalId, endpoint } = config;
  const key = JSON.stringify([roleArn, externalId, endpoint, region]);
  const found = known.get(key) ?? connect(config, region);
  known.set(key, found);
  return found;
}

function connect(config: AwsConfig, region: string): Clients {
  const { endpoint } = config;
  const options = clientOptions(config, region);
  const autoScaling = new AutoScalingClient(options);
  const ec2 = new EC2Client(options);
  const elb = new ElasticLoadBalancingV2Client(options);
  let answeredAt = performance.now();
  const onAnswer = () => {
    answeredAt = performance.now();
  };
  guard(autoScaling.middlewareStack, budgetOf(config, region, 'autoScaling'), { endpoint, onAnswer });
  guard(ec2.middlewareStack, budgetOf(config, region, 'ec2'), { endpoint, onAnswer });
  guard(elb.middlewareStack, budgetOf(config, region, 'elb'), { endpoint, onAnswer });
  return { autoScaling, ec2, elb, answeredAt: () => answeredAt };
}

/** AWS counts by account and region, whichever role asks. Without a role, it is the account that Signalbox is in. */
export function budgetOf(config: Connection, region: string, service: Service): Budget {
  const [, accountId = 'own'] = /::(\d{12}):role\//.exec(config.roleArn ?? '') ?? [];
  const key = JSON.stringify([accountId, config.endpoint, region, service]);
  const found = budgets.get(key) ?? new Budget(rateOf(config, RATES[service]));
  budgets.set(key, found);
  return found;
}

/** Of every client of an account in a region. */
export function clientOptions(config: Connection, region: string) {
  const credentials = credentialsOf(config, region);
  return {
    region,
    retryMode: 'adaptive',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_MS,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
    },
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    ...(credentials ? { credentials } : {}),
  };
}

export function rateOf({ endpoint }: Connection, rate: Rate): Rate {
  return endpoint === undefined ? rate : ENDPOINT_RATE;
}

type Handler = (args: never) => Promise<unknown>;

/** What of the SDK's stack is used; its own type is bound to the commands of one service. */
interface Stack {
  add(
    middleware: <H extends Handler>(next: H, context: { readonly commandName?: string }) => H,
    options: { step: 'initialize'; priority: 'high'; name: string },
  ): void;
  addRelativeTo(
    middleware: <H extends Handler>(next: H, context: object) => H,
    options: { relation: 'after'; toMiddleware: string; name: string },
  ): void;
}

interface GuardOptions {
  /** What the account names, to be told when nobody answers there. */
  readonly endpoint: string | undefined;
  readonly onAnswer?: () => void;
}

/** Every attempt waits for the budget, and whatever the SDK throws leaves as an error of the contract. */
export function guard(given: unknown, budget: Budget, { endpoint, onAnswer }: GuardOptions): void {
  // The SDK types the stack by service; these middlewares hand everything on untouched, whatever it is.
  const stack = given as Stack;
  const throttled = new Throttled();
  stack.add(
    <H extends Handler>(next: H, context: { readonly commandName?: string }) =>
      (async (args: never) => {
        const { commandName = 'answer' } = context;
        try {
          // A sweep has time, and is let through at the rate that AWS takes.
          return await (sweeping.getStore() ? next(args) : throttled.call(context, () => next(args)));
        } catch (error) {
          if (error instanceof Error && error.name === 'AbortError') throw error;
          throw failureOf(error, commandName, endpoint);
        }
        // Its shape is that of what it wraps.
      }) as H,
    { step: 'initialize', priority: 'high', name: 'signalboxErrors' },
  );
  stack.addRelativeTo(
    <H extends Handler>(next: H, context: object) =>
      (async (args: never) => {
        const sweep = sweeping.getStore();
        await budget.take(sweep ? 'sweep' : 'now', sweep);
        const answer = await throttled.attempt(context, () => next(args));
        onAnswer?.();
        return answer;
        // As above.
      }) as H,
    { relation: 'after', toMiddleware: 'retryMiddleware', name: 'signalboxBudget' },
  );
}
