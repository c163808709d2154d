import { printLine } from '@/bench/support/statistics';
import { createAwsProvider } from '@/server/providers/aws/adapter';
import { RATES } from '@/server/providers/aws/client/clients';
import { awsConfigSchema } from '@/server/providers/aws/config';
import { startLargeAccount } from '@/server/providers/aws/testing/large-account';

/**
 * How long a sweep of a large AWS account takes within the budgets that are kept for it, which are half of a half of
 * what AWS documents; beside the same sweep without any budget, and beside asking for each group alone within the
 * same budgets, which is what a sweep without pages and batches would be.
 */

const SIZE = { clusters: 250, depth: 4, instances: 20 };
const GROUPS = SIZE.clusters * SIZE.depth;
/** What the issue asks for: the figure of the sweep stays within the published rates. */
const PUBLISHED_PER_SECOND = { autoscaling: Infinity, ec2: 20, elasticloadbalancing: 10 } as const;

process.env.AWS_ACCESS_KEY_ID ??= 'AKIAIOSFODNN7EXAMPLE';
process.env.AWS_SECRET_ACCESS_KEY ??= 'bench';

const account = await startLargeAccount(SIZE);

/** Until the watch has seen everything once. */
async function sweepSeconds(region: string, endpoint: string | undefined): Promise<number> {
  const config = awsConfigSchema.parse({
    regions: [{ region, subnets: ['subnet-0'] }],
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const provider = createAwsProvider('large', config);
  const leaving = new AbortController();
  const begin = performance.now();
  for await (const _ of provider.watch(leaving.signal)) leaving.abort();
  return (performance.now() - begin) / 1_000;
}

/** So many calls out of a budget that a sweep leaves half of. */
function secondsFor(service: keyof typeof RATES, calls: number): number {
  const { burst, perSecond } = RATES[service];
  return Math.max(0, calls - burst / 2) / perSecond;
}

const free = await sweepSeconds('eu-west-1', account.url);
const calls = { ...account.calls };
// The SDK goes there as if it were AWS, and so do the budgets.
process.env.AWS_ENDPOINT_URL = account.url;
const kept = await sweepSeconds('eu-west-2', undefined);
await account.stop();

const each = Math.max(
  secondsFor('autoScaling', GROUPS),
  secondsFor('ec2', GROUPS),
  secondsFor('elb', 3 * GROUPS),
);
const isWithin = Object.entries(PUBLISHED_PER_SECOND).every(
  ([service, perSecond]) => (calls[service] ?? 0) / kept <= perSecond,
);
printLine(
  `sweep of ${GROUPS} groups × ${SIZE.instances}`,
  `${kept.toFixed(0)} s within budgets, ${free.toFixed(1)} s without`,
  `calls: ${Object.entries(calls)
    .map(([service, count]) => `${service} ${count}`)
    .join(', ')}`,
  `one by one ${each.toFixed(0)} s: × ${(each / kept).toFixed(1)}`,
  isWithin ? 'within the published rates' : 'BEYOND THE PUBLISHED RATES',
);
