import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Firewall } from '@/server/domain/inventory';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { firewallOf, permissionOf, sameRule } from '@/server/providers/aws/words/firewall-of';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { ProviderError } from '@/server/providers/provider';

/** A security group with these rules for what comes in. New ones are let in before old ones are shut out. */
export async function upsertFirewall(platform: Platform, spec: Firewall): Promise<Firewall> {
  const region = platform.region(spec.region);
  const wanted = { ...spec, account: platform.account };
  permissionsOf(wanted.rules);
  const group = await findFirewall(region, spec.name);
  const before = group && firewallOf(platform.account, region.name, group);
  const GroupId = group?.GroupId ?? (await create(region, wanted));
  const has = before?.rules ?? [];
  const added = permissionsOf(wanted.rules.filter((rule) => !has.some((one) => sameRule(one, rule))));
  const removed = permissionsOf(has.filter((rule) => !wanted.rules.some((one) => sameRule(one, rule))));
  if (added.length > 0)
    await region.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: added }));
  if (removed.length > 0)
    await region.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: removed }));
  return wanted;
}

function permissionsOf(rules: Firewall['rules']): IpPermission[] {
  return rules.map((rule) => {
    const permission = permissionOf(rule);
    if (permission && rule.fromPort >= 0 && rule.fromPort <= rule.toPort && rule.toPort <= 65_535)
      return permission;
    throw new ProviderError(
      'invalid',
      `"${rule.source}" with ports ${rule.fromPort} to ${rule.toPort} is no rule that AWS takes. Give an address range such as 10.0.0.0/8, or the id of a security group.`,
    );
  });
}

export async function findFirewall({ ec2 }: Region, name: string): Promise<SecurityGroup | null> {
  const Filters = [{ Name: `tag:${TAGS.firewall}`, Values: [name] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  return SecurityGroups?.[0] ?? null;
}

async function create(region: Region, { name, application }: Firewall): Promise<string> {
  const tags = { [TAGS.managed]: 'true', [TAGS.firewall]: name, [TAGS.application]: application };
  const { GroupId } = await region.ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: `Firewall ${name} of ${application}`,
      VpcId: await region.vpc(),
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(tags) }],
    }),
  );
  if (GroupId !== undefined) return GroupId;
  throw new ProviderError('unavailable', `AWS does not say whether it made the security group ${name}.`);
}
