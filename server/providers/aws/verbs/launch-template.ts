import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupsCommand,
  type LaunchTemplate,
} from '@aws-sdk/client-ec2';
import { removeTemplate } from '@/server/providers/aws/verbs/destroy-server-group';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { clientToken, noted, standingOf } from '@/server/providers/aws/words/ledger';
import { TAGS, tagList, tagsOf } from '@/server/providers/aws/words/tags';
import { userDataOf } from '@/server/providers/aws/words/user-data';
import { type Operation, ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** A worker that dies in between is followed by another one long before. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** What the group's instances are started from: one template of the group's name, which never changes. */
export async function ensureTemplate(
  platform: Platform,
  region: Region,
  operation: Operation,
  spec: ServerGroupSpec,
  imageId: string,
): Promise<void> {
  const found = await findTemplate(region, spec.name);
  if (found && standingOf(tagsOf(found.Tags), operation, 'creation') !== 'new') return;
  if (found) await removeAbandoned(region, spec.name, found);
  const { config } = platform;
  const tags = {
    [TAGS.managed]: 'true',
    [TAGS.application]: spec.application,
    [TAGS.cluster]: spec.cluster,
    [TAGS.serverGroup]: spec.name,
    ...noted({}, operation, 'creation'),
  };
  const SecurityGroupIds = await securityGroupsFor(region, spec);
  const UserData = userDataOf(spec.config);
  await region.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: spec.name,
      ClientToken: clientToken(operation, 'template'),
      LaunchTemplateData: {
        ImageId: imageId,
        InstanceType: instanceTypeOf(config.instanceType),
        ...(SecurityGroupIds.length > 0 ? { SecurityGroupIds } : {}),
        ...(UserData === undefined ? {} : { UserData }),
        ...(config.instanceProfile === undefined
          ? {}
          : { IamInstanceProfile: { Name: config.instanceProfile } }),
        // What runs within must not be talked into fetching the role's keys.
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: tagList(tags) }],
    }),
  );
}

/** AWS has new types every month, and the SDK knows those of its day. */
export function instanceTypeOf(name: string): 't3.small' {
  return name as 't3.small';
}

async function findTemplate({ ec2 }: Region, name: string): Promise<LaunchTemplate | null> {
  const Filters = [{ Name: 'launch-template-name', Values: [name] }];
  const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({ Filters }));
  return LaunchTemplates?.[0] ?? null;
}

/** The template of a creation that never came to its group. */
async function removeAbandoned(region: Region, name: string, { CreateTime, Tags }: LaunchTemplate) {
  const age = Date.now() - (CreateTime?.getTime() ?? Date.now());
  const { [TAGS.managed]: managed, [TAGS.serverGroup]: group } = tagsOf(Tags);
  if (managed !== 'true' || group !== name || age < ABANDONED_AFTER_MS)
    throw new ProviderError(
      'conflict',
      `There is a launch template ${name} in ${region.name} already. Delete it if nobody needs it.`,
    );
  await removeTemplate(region, name);
}

/** Those of the account, and the firewalls of the application and of the cluster. */
async function securityGroupsFor(region: Region, { application, cluster }: ServerGroupSpec) {
  const { SecurityGroups = [] } = await region.ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'tag-key', Values: [TAGS.firewall] },
        { Name: `tag:${TAGS.application}`, Values: [...new Set([application, cluster])] },
      ],
    }),
  );
  const ours = SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []);
  return [...new Set([...region.settings.securityGroups, ...ours])];
}
