import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import type { Region } from '@/server/providers/aws/verbs/platform';

/** A listener's default or a rule of it. */
export interface RouteView {
  readonly kind: 'listener' | 'rule';
  readonly arn: string;
  readonly actions: readonly Action[];
  readonly url: string | null;
}

/** Null when there is none any more. */
export async function findRoute(
  region: Region,
  arn: string,
  signal?: AbortSignal,
): Promise<RouteView | null> {
  try {
    return isRule(arn) ? await readRule(region, arn, signal) : await readListener(region, arn, signal);
  } catch (error) {
    if (error instanceof AwsRefusal && error.code === 'not_found') return null;
    throw error;
  }
}

function isRule(arn: string): boolean {
  return arn.includes(':listener-rule/');
}

async function readListener(region: Region, arn: string, signal?: AbortSignal): Promise<RouteView | null> {
  const listener = await listenerOf(region, arn, signal);
  if (!listener) return null;
  const host = await hostOf(region, listener.LoadBalancerArn, signal);
  const url = urlOf(listener.Protocol, listener.Port, host);
  return { kind: 'listener', arn, actions: listener.DefaultActions ?? [], url };
}

async function readRule(region: Region, arn: string, signal?: AbortSignal): Promise<RouteView | null> {
  const { Rules } = await region.elb.send(new DescribeRulesCommand({ RuleArns: [arn] }), {
    abortSignal: signal,
  });
  const [rule] = Rules ?? [];
  if (!rule) return null;
  const listener = await listenerOf(region, listenerArnOf(arn), signal);
  const host = hostIn(rule.Conditions ?? []) ?? (await hostOf(region, listener?.LoadBalancerArn, signal));
  const url = urlOf(listener?.Protocol, listener?.Port, host);
  return { kind: 'rule', arn, actions: rule.Actions ?? [], url };
}

async function listenerOf({ elb }: Region, arn: string, signal?: AbortSignal) {
  const command = new DescribeListenersCommand({ ListenerArns: [arn] });
  return (await elb.send(command, { abortSignal: signal })).Listeners?.[0] ?? null;
}

/** `…:listener-rule/app/name/id/listener/rule` is of `…:listener/app/name/id/listener`. */
export function listenerArnOf(rule: string): string {
  return rule.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');
}

async function hostOf({ elb }: Region, arn: string | undefined, signal?: AbortSignal) {
  if (arn === undefined) return undefined;
  const command = new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] });
  return (await elb.send(command, { abortSignal: signal })).LoadBalancers?.[0]?.DNSName;
}

/** The first name that the rule is for, where it has one that can be called. */
function hostIn(conditions: readonly RuleCondition[]): string | undefined {
  const names = conditions.flatMap(({ Field, HostHeaderConfig, Values }) =>
    Field === 'host-header' ? (HostHeaderConfig?.Values ?? Values ?? []) : [],
  );
  return names.find((name) => !/[*?]/.test(name));
}

function urlOf(protocol: string | undefined, port: number | undefined, host: string | undefined) {
  if (host === undefined || (protocol !== 'HTTP' && protocol !== 'HTTPS')) return null;
  const usual = protocol === 'HTTPS' ? 443 : 80;
  return `${protocol.toLowerCase()}://${host}${port === undefined || port === usual ? '' : `:${port}`}`;
}
