import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { Firewall } from '@/server/domain/inventory';
import { applicationByName, applicationIn } from '@/server/providers/aws/words/keeper-of';
import { TAGS, tagsOf } from '@/server/providers/aws/words/tags';

type Rule = Firewall['rules'][number];

const CIDR_V4 = /^(\d{1,3})(\.\d{1,3}){3}\/(\d|[12]\d|3[0-2])$/;
const CIDR_V6 = /^[0-9a-f:]+\/\d{1,3}$/i;
const GROUP_ID = /^sg-\w+$/;

/** Null for a security group that is not ours. What the model has no word for (ICMP, all protocols) is left out. */
export function firewallOf(account: string, region: string, group: SecurityGroup): Firewall | null {
  const tags = tagsOf(group.Tags);
  const name = tags[TAGS.firewall];
  if (name === undefined) return null;
  const rules = (group.IpPermissions ?? []).flatMap(rulesOf);
  return { account, region, name, application: tags[TAGS.application] ?? name, rules };
}

/** A security group that others keep, with the application that it is of, as far as anything says so. */
export function othersFirewallOf(
  account: string,
  region: string,
  group: SecurityGroup,
  usedBy: string | null,
): Firewall & { readonly id: string } {
  const id = group.GroupId ?? '';
  const name = group.GroupName ?? id;
  const application = applicationIn(tagsOf(group.Tags)) ?? usedBy ?? applicationByName(name);
  return { id, account, region, name, application, rules: (group.IpPermissions ?? []).flatMap(rulesOf) };
}

function rulesOf({ IpProtocol, FromPort, ToPort, ...sources }: IpPermission): Rule[] {
  if ((IpProtocol !== 'tcp' && IpProtocol !== 'udp') || FromPort === undefined || ToPort === undefined)
    return [];
  const from = [
    ...(sources.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
    ...(sources.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(sources.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
  ];
  return from.flatMap((source) =>
    source === undefined ? [] : [{ protocol: IpProtocol, fromPort: FromPort, toPort: ToPort, source }],
  );
}

/** As AWS takes it; null when the source is neither an address range nor a security group. */
export function permissionOf({ protocol, fromPort, toPort, source }: Rule): IpPermission | null {
  const ports = { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort };
  if (GROUP_ID.test(source)) return { ...ports, UserIdGroupPairs: [{ GroupId: source }] };
  if (CIDR_V4.test(source) && source.split(/[./]/).every((part) => Number(part) <= 255))
    return { ...ports, IpRanges: [{ CidrIp: source }] };
  if (source.includes(':') && CIDR_V6.test(source))
    return { ...ports, Ipv6Ranges: [{ CidrIpv6: source.toLowerCase() }] };
  return null;
}

export function sameRule(a: Rule, b: Rule): boolean {
  return (
    a.protocol === b.protocol &&
    a.fromPort === b.fromPort &&
    a.toPort === b.toPort &&
    a.source.toLowerCase() === b.source.toLowerCase()
  );
}
