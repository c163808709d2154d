import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloudWatchSource } from '@/server/metrics/cloudwatch/cloudwatch';
import { alignedGrid } from '@/server/metrics/grid';
import { metricTemplates } from '@/server/metrics/templates';
import { directContext } from '@/server/metrics/testing/direct-context';
import { ACCOUNT, type AwsBench, makeAwsBench, REGION } from '@/server/providers/aws/testing/fixture';
import { operation } from '@/server/providers/contract-support';

const MINUTE_MS = 60_000;

let bench: AwsBench;
beforeAll(async () => {
  bench = await makeAwsBench();
});
afterAll(() => bench?.stop());

/** Two versions behind one load balancer, as a canary has them. */
async function baselineAndCanary() {
  const { provider, artifacts } = bench;
  const place = { region: REGION, application: 'shop', cluster: 'shop-prod' };
  await provider.upsertLoadBalancer(operation(), { region: REGION, name: 'shop-prod', application: 'shop' });
  for (const [index, artifact] of artifacts.entries())
    await provider.createServerGroup(operation(), {
      ...place,
      name: `shop-prod-v00${index}`,
      artifact,
      capacity: { min: 0, desired: 1, max: 2 },
      config: {},
      loadBalancers: ['shop-prod'],
      enabled: true,
    });
  return provider.describeCluster({ account: ACCOUNT, ...place });
}

it('CloudWatch has the series of each server group under the names that the inventory gives it', async () => {
  const groups = await baselineAndCanary();
  const client = new CloudWatchClient({ region: REGION, endpoint: bench.url });
  const at = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 5 * MINUTE_MS;
  for (const [index, { measuredBy = {} }] of groups.entries()) {
    expect(measuredBy.targetGroup).toMatch(/^targetgroup\/[^/]+\/[^/]+$/);
    expect(measuredBy.loadBalancer).toMatch(/^app\/[^/]+\/[^/]+$/);
    const publish = (
      Namespace: string,
      MetricName: string,
      Value: number,
      dimensions: Record<string, string>,
    ) =>
      client.send(
        new PutMetricDataCommand({
          Namespace,
          MetricData: [
            {
              MetricName,
              Value,
              Timestamp: new Date(at),
              Dimensions: Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value })),
            },
          ],
        }),
      );
    await publish('AWS/ApplicationELB', 'RequestCount', 100 + index, {
      LoadBalancer: measuredBy.loadBalancer ?? '',
      TargetGroup: measuredBy.targetGroup ?? '',
    });
    await publish('AWS/EC2', 'CPUUtilization', 40 + index, {
      AutoScalingGroupName: measuredBy.autoScalingGroup ?? '',
    });
  }
  const settings = cloudWatchSource.configSchema.parse({ region: REGION, endpoint: bench.url });
  const source = cloudWatchSource.open(settings, directContext);
  const read = async (query: unknown, group: (typeof groups)[number]) => {
    const scope = { scope: group.name, location: REGION, extra: group.measuredBy ?? {} };
    const grid = alignedGrid(at, at + MINUTE_MS, MINUTE_MS);
    const parsed = cloudWatchSource.querySchema.parse(query);
    return (await source.read(parsed, scope, grid, AbortSignal.timeout(10_000))).series[0]?.values;
  };
  const metrics = (id: string) => metricTemplates.find((template) => template.id === id)?.metrics() ?? [];
  // Of the expression only the count within: moto does not calculate.
  const traffic = metrics('targetGroup').find(({ name }) => name === 'requests per second')?.query ?? {};
  const [requests = {}] = cloudWatchSource.querySchema.parse(traffic).queries ?? [];
  for (const [index, group] of groups.entries()) {
    expect(await read({ type: 'cloudwatch', ...requests }, group)).toEqual([100 + index]);
    expect(await read(metrics('autoScalingGroup')[0]?.query, group)).toEqual([40 + index]);
  }
});
