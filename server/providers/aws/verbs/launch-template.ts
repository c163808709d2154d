import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import { gone } from '@/server/providers/aws/verbs/gone';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { clientToken, noted } from '@/server/providers/aws/words/ledger';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { userDataOf } from '@/server/providers/aws/words/user-data';
import type { Operation, ServerGroupSpec } from '@/server/providers/provider';

/** Of a template's name. */
const NAME_LIMIT = 128;
const DIGEST_LENGTH = 10;

/**
 * What the group's instances are started from, which never changes. Each operation has one of its own, so that what
 * an earlier one left is in nobody's way, and a slow one cannot start its group from another's.
 * @returns its name.
 */
export async function ensureTemplate(
  platform: Platform,
  region: Region,
  operation: Operation,
  spec: ServerGroupSpec,
  imageId: string,
): Promise<string> {
  const name = templateName(operation, spec.name);
  try {
    await region.ec2.send(await creation(platform, region, operation, spec, imageId));
  } catch (error) {
    // The answer was lost, or the worker that asked.
    if (!(error instanceof AwsRefusal) || !error.awsCode.includes('AlreadyExists')) throw error;
  }
  return name;
}

/** Removes the templates that operations made for the group: those whose name is meant. */
export async function removeTemplates(
  region: Region,
  group: string,
  isMeant: (name: string) => boolean = () => true,
): Promise<void> {
  const Filters = [{ Name: `tag:${TAGS.serverGroup}`, Values: [group] }];
  const { LaunchTemplates = [] } = await region.ec2.send(new DescribeLaunchTemplatesCommand({ Filters }));
  for (const { LaunchTemplateId, LaunchTemplateName = '' } of LaunchTemplates)
    if (isMeant(LaunchTemplateName))
      await gone(region.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId })));
}

/** Of the template that the operation makes for the group. */
export function templateName(operation: Operation, group: string): string {
  const digest = clientToken(operation, 'template').slice(0, DIGEST_LENGTH);
  return `${group.slice(0, NAME_LIMIT - DIGEST_LENGTH - 1)}-${digest}`;
}

async function creation(
  { config }: Platform,
  region: Region,
  operation: Operation,
  spec: ServerGroupSpec,
  imageId: string,
): Promise<CreateLaunchTemplateCommand> {
  const tags = {
    [TAGS.managed]: 'true',
    [TAGS.application]: spec.application,
    [TAGS.cluster]: spec.cluster,
    [TAGS.serverGroup]: spec.name,
    ...noted({}, operation, 'creation'),
  };
  const SecurityGroupIds = await securityGroupsFor(region, spec);
  const UserData = userDataOf(spec.config);
  return new CreateLaunchTemplateCommand({
    LaunchTemplateName: templateName(operation, spec.name),
    // AWS refuses a token that comes again with other tags, and they hold the fence.
    ClientToken: clientToken(operation, `template/${operation.fence}`),
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
  });
}

/** AWS has new types every month, and the SDK knows those of its day. */
export function instanceTypeOf(name: string): 't3.small' {
  return name as 't3.small';
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
