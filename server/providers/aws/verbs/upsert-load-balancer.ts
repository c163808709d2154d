import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancer } from '@/server/domain/inventory';
import { loadBalancerOf } from '@/server/providers/aws/read/describe';
import { balancerName, findBalancer } from '@/server/providers/aws/read/load-balancers';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { actionOf, existingBalancer, groupsBehind } from '@/server/providers/aws/verbs/route';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { type LoadBalancerSpec, ProviderError } from '@/server/providers/provider';

/** An application load balancer with one listener. AWS takes the same creation twice as one. */
export async function upsertLoadBalancer(platform: Platform, spec: LoadBalancerSpec): Promise<LoadBalancer> {
  const region = platform.region(spec.region);
  const found = await findBalancer(region, spec.name);
  const arn = found?.arn ?? (await create(platform, region, spec));
  const listener = found?.listenerArn ?? (await createListener(region, arn));
  if (found?.tags[TAGS.listener] !== listener)
    await region.elb.send(
      new AddTagsCommand({ ResourceArns: [arn], Tags: tagList({ [TAGS.listener]: listener }) }),
    );
  const [view, groups] = await Promise.all([
    existingBalancer(region, spec.name),
    groupsBehind(region, spec.name),
  ]);
  return loadBalancerOf(platform.account, region.name, view, groups);
}

async function create(
  { config }: Platform,
  region: Region,
  { name, application }: LoadBalancerSpec,
): Promise<string> {
  const { subnets, loadBalancerSecurityGroups: groups } = region.settings;
  const tags = { [TAGS.managed]: 'true', [TAGS.loadBalancer]: name, [TAGS.application]: application };
  const { LoadBalancers } = await region.elb.send(
    new CreateLoadBalancerCommand({
      Name: balancerName(name),
      Type: 'application',
      Scheme: config.internetFacing ? 'internet-facing' : 'internal',
      Subnets: subnets,
      ...(groups.length > 0 ? { SecurityGroups: groups } : {}),
      Tags: tagList(tags),
    }),
  );
  const arn = LoadBalancers?.[0]?.LoadBalancerArn;
  if (arn !== undefined) return arn;
  throw new ProviderError('unavailable', `AWS does not say whether it made the load balancer ${name}.`);
}

async function createListener({ elb }: Region, LoadBalancerArn: string): Promise<string> {
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [actionOf(new Map())],
      // By it the role is let to change the listener.
      Tags: tagList({ [TAGS.managed]: 'true' }),
    }),
  );
  const arn = Listeners?.[0]?.ListenerArn;
  if (arn !== undefined) return arn;
  throw new ProviderError('unavailable', 'AWS does not say whether it made the listener.');
}
