import type { ServerGroup } from '@/server/domain/inventory';
import { parseServerGroupName } from '@/server/domain/naming';
import { TAGS, type Tags } from '@/server/providers/aws/words/tags';

type Keeper = NonNullable<ServerGroup['managedBy']>;

/** What tools write on what they make. Sources: CloudFormation's, EKS's and ECS's guides; Spinnaker's clouddriver. */
const KEEPERS: readonly (readonly [tag: string, kind: string])[] = [
  ['spinnaker:application', 'Spinnaker'],
  ['elasticbeanstalk:environment-name', 'Elastic Beanstalk'],
  ['eks:nodegroup-name', 'EKS node group'],
  ['eks:cluster-name', 'EKS cluster'],
  ['AmazonECSManaged', 'ECS'],
  ['aws:cloudformation:stack-name', 'CloudFormation stack'],
];
/** By habit, for tools that write no tag of their own. */
const HABITS = ['managed-by', 'managed_by', 'ManagedBy', 'managedBy', 'terraform', 'Terraform'] as const;
const APPLICATIONS = ['spinnaker:application', 'application', 'Application', 'app', 'App'] as const;

/** Who keeps something that is not ours, as far as its tags say; itself when they do not. */
export function keeperOf(kind: string, name: string, tags: Tags): Keeper {
  for (const [tag, keeper] of KEEPERS) {
    const value = tags[tag];
    if (value !== undefined) return { kind: keeper, name: value === '' || value === 'true' ? name : value };
  }
  const habit = HABITS.find((key) => tags[key] !== undefined);
  if (habit === undefined) return { kind, name };
  const isTerraform = /terraform/i.test(`${habit} ${tags[habit]}`);
  return { kind: isTerraform ? 'Terraform' : (tags[habit] ?? kind), name };
}

/** The application that the tags of something name; null when none does. */
export function applicationIn(tags: Tags): string | null {
  const key = [TAGS.application, ...APPLICATIONS].find((one) => tags[one]);
  return key === undefined ? null : (tags[key] ?? null);
}

/** The application by the name alone, `app-stack-detail`; the whole name when it says none. */
export function applicationByName(name: string): string {
  return parseServerGroupName(name)?.application ?? name;
}

export interface Moniker {
  readonly application: string;
  readonly cluster: string;
  readonly sequence: number | null;
}

/** Where a group that others made belongs: by its tags, else by its name. */
export function monikerOf(name: string, tags: Tags): Moniker {
  const sequence = /-v(\d{3,})$/.exec(name);
  const cluster = tags['spinnaker:cluster'] ?? (sequence ? name.slice(0, sequence.index) : name);
  return {
    application: applicationIn(tags) ?? applicationByName(cluster),
    cluster,
    sequence: sequence?.[1] === undefined ? null : Number(sequence[1]),
  };
}
