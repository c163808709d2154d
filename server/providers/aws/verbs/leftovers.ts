import {
  DescribeTargetGroupsCommand,
  paginateDescribeRules,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import { findBalancer, listenersOf } from '@/server/providers/aws/read/load-balancers';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { removeTargetGroup } from '@/server/providers/aws/verbs/target-groups';
import { forwarded } from '@/server/providers/aws/words/forward';
import type { Membership } from '@/server/providers/aws/words/tags';
import { ProviderError } from '@/server/providers/provider';

/** What sends requests to a target group. */
interface Sender {
  readonly arn: string;
  /** As people find it. */
  readonly words: string;
}

/**
 * Removes a group's target group. One that somebody else sends requests to cannot go, and does not hold up the rest.
 * @returns what to say of it when it stays.
 * @throws ProviderError `pending` while AWS still takes it for one that our own route sends to.
 */
export async function removeOrLeave(
  region: Region,
  { loadBalancer, targetGroupArn: arn }: Membership,
): Promise<string[]> {
  try {
    await removeTargetGroup(region, arn);
    return [];
  } catch (error) {
    if (!(error instanceof AwsRefusal) || !error.awsCode.startsWith('ResourceInUse')) throw error;
    const own = (await findBalancer(region, loadBalancer))?.route?.arn;
    const theirs = (await sendersTo(region, arn)).filter((sender) => sender.arn !== own);
    if (theirs.length === 0) throw new ProviderError('pending', error.message);
    const name = arn.split('/')[1] ?? arn;
    const senders = theirs.map(({ words }) => words).join(' and ');
    return [
      `Its target group ${name} stays, because ${senders} forwards to it. Take it out there, then delete it.`,
    ];
  }
}

async function sendersTo(region: Region, targetGroupArn: string): Promise<Sender[]> {
  const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] });
  const { TargetGroups = [] } = await region.elb.send(command);
  const found: Sender[] = [];
  for (const balancer of TargetGroups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))
    for (const { ListenerArn = '', Port, DefaultActions = [] } of await listenersOf(region, balancer)) {
      const listener = `the listener on port ${Port} of the load balancer ${balancer.split('/')[2] ?? balancer}`;
      if (forwarded(DefaultActions).has(targetGroupArn)) found.push({ arn: ListenerArn, words: listener });
      const pages = paginateDescribeRules({ client: region.elb }, { ListenerArn });
      for await (const { Rules = [] } of pages)
        for (const rule of Rules)
          if (rule.IsDefault !== true && forwarded(rule.Actions ?? []).has(targetGroupArn))
            found.push({ arn: rule.RuleArn ?? '', words: `${ruleInWords(rule)} of ${listener}` });
    }
  return found;
}

/** `rule 10 (host-header shop.example.com)` */
function ruleInWords({ Priority, Conditions = [] }: Rule): string {
  const conditions = Conditions.map(({ Field, Values, HostHeaderConfig, PathPatternConfig }) => {
    const values = HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [];
    return [Field, ...values].join(' ');
  });
  return conditions.length === 0 ? `rule ${Priority}` : `rule ${Priority} (${conditions.join(', ')})`;
}
