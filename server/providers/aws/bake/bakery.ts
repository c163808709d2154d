import { createHash } from 'node:crypto';
import {
  CreateImageCommand,
  CreateTagsCommand,
  GetConsoleOutputCommand,
  type Image,
  type Instance as Machine,
  paginateDescribeInstances,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { bakeScript, consoleText, exitCodeIn } from '@/server/providers/aws/bake/script';
import { artifactOf, findImage, imagesOf, readImages } from '@/server/providers/aws/read/images';
import { instanceTypeOf } from '@/server/providers/aws/verbs/launch-template';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { clientToken, noted, standingOf } from '@/server/providers/aws/words/ledger';
import { TAGS, tagList, tagsOf } from '@/server/providers/aws/words/tags';
import {
  type Bakery,
  type BakeSpec,
  type BakeState,
  type JobRef,
  type Operation,
  ProviderError,
} from '@/server/providers/provider';

/**
 * A machine is started from the image, runs the command and turns itself off; what is on its disk then becomes the
 * new image. Whoever asks how it stands takes the next step: AWS has nobody who would.
 */
const BAKE_TAGS = {
  into: 'signalbox:bake-into',
  intoVersion: 'signalbox:bake-into-version',
  digest: 'signalbox:bake-digest',
  until: 'signalbox:bake-until',
  /** How it ended without an image, once and for all. */
  failure: 'signalbox:bake-failure',
} as const;

const LATE =
  'it did not end within the timeoutSeconds of its stage. The log there shows how far it came, where AWS has given it out.';
/** Of a tag's value. */
const REASON_LIMIT = 250;
const CANCELED = 'canceled';
/** An image that AWS makes cannot be called off. */
function unfinished({ ImageId }: Image): string {
  return `AWS had not finished the image ${ImageId} within the timeoutSeconds of the stage. It may come about later: deregister it before the same version is baked again.`;
}

export function awsBakery(platform: Platform): Bakery {
  return {
    start: (operation, spec) => start(platform, operation, spec),
    describe: (ref) => describeBake(platform, ref),
    cancel: (_operation, ref) => cancel(platform, ref),
  };
}

async function start(platform: Platform, operation: Operation, spec: BakeSpec): Promise<void> {
  const region = platform.region(spec.region);
  const known = await findMachine(region, spec.name);
  if (known && standingOf(tagsOf(known.Tags), operation, 'creation') !== 'new') return;
  if (known) throw new ProviderError('conflict', `There is a bake ${spec.name} in ${spec.region} already.`);
  const { config } = platform;
  const tags = {
    Name: spec.name,
    [TAGS.managed]: 'true',
    [TAGS.bake]: spec.name,
    [TAGS.application]: spec.application,
    [BAKE_TAGS.into]: spec.into.name,
    [BAKE_TAGS.intoVersion]: spec.into.version,
    [BAKE_TAGS.digest]: digestOf(operation, spec),
    [BAKE_TAGS.until]: new Date(Date.now() + spec.timeoutSeconds * 1_000).toISOString(),
    ...noted({}, operation, 'creation'),
  };
  await region.ec2.send(
    new RunInstancesCommand({
      ImageId: await findImage(platform, region, spec.from),
      InstanceType: instanceTypeOf(config.instanceType),
      MinCount: 1,
      MaxCount: 1,
      SubnetId: region.settings.subnets[0],
      ...(region.settings.securityGroups.length > 0
        ? { SecurityGroupIds: region.settings.securityGroups }
        : {}),
      UserData: bakeScript(spec),
      InstanceInitiatedShutdownBehavior: 'stop',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      ClientToken: clientToken(operation, 'bake'),
      TagSpecifications: [{ ResourceType: 'instance', Tags: tagList(tags) }],
    }),
  );
}

/** Given before the image has an id, and kept by every copy of it in other regions. */
function digestOf({ id }: Operation, { from, into, command }: BakeSpec): string {
  const content = JSON.stringify([id, from.digest, into, command]);
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function describeBake(
  platform: Platform,
  { region: name, name: bake }: JobRef,
): Promise<BakeState | null> {
  const region = platform.region(name);
  const [machine, [image]] = await Promise.all([
    findMachine(region, bake),
    readImages(region, ['self'], [{ Name: `tag:${TAGS.bake}`, Values: [bake] }]),
  ]);
  if (!machine && !image) return null;
  const log = machine ? await consoleOf(region, machine) : '';
  const base = { startedAt: (machine?.LaunchTime ?? new Date(image?.CreationDate ?? 0)).toISOString(), log };
  const failure = tagsOf(machine?.Tags)[BAKE_TAGS.failure] ?? tagsOf(image?.Tags)[BAKE_TAGS.failure];
  if (failure !== undefined) return ended(base, failure);
  if (image) return withImage(platform, region, image, machine, base);
  // One without an image has a machine, or it would not be known at all.
  return machine ? withoutImage(platform, region, machine, base) : null;
}

type Base = Pick<BakeState, 'startedAt' | 'log'>;

function running(base: Base): BakeState {
  return {
    ...base,
    status: 'running',
    exitCode: null,
    reason: null,
    endedAt: null,
    outputs: {},
    artifact: null,
  };
}

function ended(base: Base, failure: string): BakeState {
  const code = /^exit (\d+)/.exec(failure)?.[1];
  return {
    ...base,
    status: failure === CANCELED ? 'canceled' : 'failed',
    exitCode: code === undefined ? null : Number(code),
    reason: failure,
    endedAt: new Date().toISOString(),
    outputs: {},
    artifact: null,
  };
}

async function withImage(
  { config }: Platform,
  region: Region,
  image: Image,
  machine: Machine | null,
  base: Base,
): Promise<BakeState> {
  if (image.State === 'pending')
    return isLate(machine, image) ? fail(region, { machine, image }, unfinished(image), base) : running(base);
  if (machine) await terminate(region, machine);
  if (image.State !== 'available')
    return ended(base, image.StateReason?.Message ?? `the image is ${image.State}`);
  const artifact = artifactOf(config, image);
  const endedAt = image.CreationDate ?? base.startedAt;
  return { ...base, status: 'succeeded', exitCode: 0, reason: null, endedAt, outputs: {}, artifact };
}

async function withoutImage(
  { config }: Platform,
  region: Region,
  machine: Machine,
  base: Base,
): Promise<BakeState> {
  const tags = tagsOf(machine.Tags);
  const state = machine.State?.Name;
  const into = { name: tags[BAKE_TAGS.into] ?? '', version: tags[BAKE_TAGS.intoVersion] ?? '' };
  const code = exitCodeIn(base.log);
  if (state === 'terminated' || state === 'shutting-down')
    return ended(base, machine.StateReason?.Message ?? 'the machine was terminated');
  // The console may come a while after the machine is off.
  if (state !== 'stopped' || code === null)
    return isLate(machine) ? fail(region, { machine }, LATE, base) : running(base);
  if (code !== 0) return fail(region, { machine }, `exit ${code}: the command failed`, base);
  if ((await imagesOf(config, region, into)).length > 0)
    return fail(region, { machine }, `There is an image of ${into.name} ${into.version} already.`, base);
  const { machineImages: images } = config;
  const imageTags = {
    [TAGS.managed]: 'true',
    [TAGS.bake]: tags[TAGS.bake] ?? '',
    [images.nameTag]: into.name,
    [images.versionTag]: into.version,
    [images.digestTag]: tags[BAKE_TAGS.digest] ?? '',
    [BAKE_TAGS.until]: tags[BAKE_TAGS.until] ?? '',
  };
  await region.ec2.send(
    new CreateImageCommand({
      InstanceId: machine.InstanceId,
      // A name is given once: of two who ask at the same time, the second is refused.
      Name: `signalbox-${tags[TAGS.bake]}`.slice(0, 128),
      NoReboot: true,
      TagSpecifications: [{ ResourceType: 'image', Tags: tagList(imageTags) }],
    }),
  );
  return running(base);
}

/** The machine may have gone by the time that its image is being made. */
function isLate(machine: Machine | null, image?: Image): boolean {
  const until = tagsOf(machine?.Tags)[BAKE_TAGS.until] ?? tagsOf(image?.Tags)[BAKE_TAGS.until] ?? '';
  return Date.now() > Date.parse(until);
}

async function fail(
  region: Region,
  { machine, image }: { readonly machine: Machine | null; readonly image?: Image },
  reason: string,
  base: Base,
): Promise<BakeState> {
  const Resources = [machine?.InstanceId, image?.ImageId].filter((id) => id !== undefined);
  const Tags = [{ Key: BAKE_TAGS.failure, Value: reason.slice(0, REASON_LIMIT) }];
  await region.ec2.send(new CreateTagsCommand({ Resources, Tags }));
  if (machine) await terminate(region, machine);
  return ended(base, reason);
}

async function cancel(platform: Platform, ref: JobRef): Promise<void> {
  const region = platform.region(ref.region);
  const machine = await findMachine(region, ref.name);
  if (!machine) return;
  const state = await describeBake(platform, ref);
  if (state?.status === 'running')
    await fail(region, { machine }, CANCELED, { startedAt: state.startedAt, log: state.log });
}

async function terminate({ ec2 }: Region, { InstanceId = '', State }: Machine): Promise<void> {
  if (State?.Name === 'terminated' || State?.Name === 'shutting-down') return;
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
}

async function findMachine({ ec2 }: Region, bake: string): Promise<Machine | null> {
  const Filters = [{ Name: `tag:${TAGS.bake}`, Values: [bake] }];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }))
    for (const { Instances = [] } of Reservations) if (Instances[0]) return Instances[0];
  return null;
}

async function consoleOf({ ec2 }: Region, { InstanceId }: Machine): Promise<string> {
  try {
    const { Output } = await ec2.send(new GetConsoleOutputCommand({ InstanceId }));
    return consoleText(Output);
  } catch (error) {
    // A machine that has gone has no console any more.
    if (error instanceof ProviderError && !error.retryable) return '';
    throw error;
  }
}
