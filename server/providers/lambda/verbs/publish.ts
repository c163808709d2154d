import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateFunctionCommand,
  type FunctionConfiguration,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { AwsRefusal } from '@/server/providers/aws/client/errors';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { LATEST, readState } from '@/server/providers/lambda/read/functions';
import { codeOf, sourceText } from '@/server/providers/lambda/verbs/code';
import { digestOf, GROUP_VARIABLE } from '@/server/providers/lambda/words/server-group-of';
import { ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** By it the role is let to change a function. */
const MANAGED_TAG = 'signalbox:managed';
/** Below the time that a call to a platform may take, so that its own sentence is heard. */
const PATIENCE_MS = 8_000;
const LOOK_AGAIN_MS = 300;

/**
 * Publishes a version with the code and the values of the spec. What is worked on is brought to them step by step, so
 * that whoever comes again goes on where the last one stopped; revision ids tell when somebody else worked on it too.
 */
export async function publish(
  platform: Platform,
  region: Region,
  spec: ServerGroupSpec,
  description: string,
): Promise<void> {
  if (!(await readState(region, spec.cluster, LATEST))) await createFunction(platform, region, spec);
  // A change that failed before is no hindrance: ours may mend it.
  let latest = await settled(region, spec);
  if (digestOf(latest) !== spec.artifact.digest) {
    await updateCode(platform, region, spec, latest);
    latest = working(spec, await settled(region, spec));
    checkCode(platform, spec, latest);
  }
  if (!bears(latest, spec)) {
    const { RevisionId } = latest;
    const Environment = { Variables: variablesOf(spec) };
    await region.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: spec.cluster, Environment, RevisionId }),
    );
    latest = await settled(region, spec);
  }
  const { CodeSha256, RevisionId } = working(spec, latest);
  if (!bears(latest, spec) || digestOf(latest) !== spec.artifact.digest)
    throw new ProviderError(
      'pending',
      `Somebody else changed the function ${spec.cluster} meanwhile. It is tried again.`,
    );
  await region.lambda.send(
    new PublishVersionCommand({
      FunctionName: spec.cluster,
      CodeSha256,
      RevisionId,
      Description: description,
    }),
  );
}

async function createFunction(platform: Platform, region: Region, spec: ServerGroupSpec): Promise<void> {
  const { config } = platform;
  const Code = codeOf(config, region.name, spec.artifact);
  if (config.executionRole === undefined)
    throw new ProviderError(
      'invalid',
      `There is no function ${spec.cluster} in ${region.name}. Make it, or give the account an execution role to make functions with.`,
    );
  const kind =
    'ImageUri' in Code
      ? { PackageType: 'Image' as const }
      : // The SDK knows the runtimes of its day; AWS has newer ones.
        { Runtime: config.runtime as 'nodejs22.x', Handler: config.handler };
  const command = new CreateFunctionCommand({
    FunctionName: spec.cluster,
    Role: config.executionRole,
    Code,
    ...kind,
    Architectures: [config.architecture],
    MemorySize: config.memoryMb,
    Timeout: config.timeoutSeconds,
    Environment: { Variables: variablesOf(spec) },
    Tags: { [MANAGED_TAG]: 'true', 'signalbox:application': spec.application },
  });
  await fetching(platform, region, spec, region.lambda.send(command));
}

async function updateCode(
  platform: Platform,
  region: Region,
  spec: ServerGroupSpec,
  { RevisionId }: FunctionConfiguration,
): Promise<void> {
  const source = codeOf(platform.config, region.name, spec.artifact);
  const command = new UpdateFunctionCodeCommand({
    FunctionName: spec.cluster,
    ...source,
    RevisionId,
  });
  await fetching(platform, region, spec, region.lambda.send(command));
}

/** AWS has one code for whatever it does not like about parameters. */
async function fetching(
  platform: Platform,
  region: Region,
  { artifact }: ServerGroupSpec,
  work: Promise<unknown>,
): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (
      !(error instanceof AwsRefusal) ||
      !/NoSuchKey|NoSuchBucket|does not exist|not found/i.test(error.message)
    )
      throw error;
    const at = sourceText(codeOf(platform.config, region.name, artifact));
    throw new ProviderError(
      'not_found',
      `There is no code of ${artifact.name} ${artifact.version} at ${at}. Put it there first. ${error.message}`,
    );
  }
}

function checkCode(
  platform: Platform,
  { artifact, region }: ServerGroupSpec,
  latest: FunctionConfiguration,
): void {
  if (digestOf(latest) === artifact.digest) return;
  const at = sourceText(codeOf(platform.config, region, artifact));
  throw new ProviderError(
    'not_found',
    `The code of ${artifact.name} ${artifact.version} at ${at} is another one: its digest is ${digestOf(latest)} and not ${artifact.digest}.`,
  );
}

/**
 * What is worked on, once AWS is done with the last change.
 * @throws ProviderError `pending` while that takes longer; asked again, it goes on.
 */
async function settled(region: Region, { cluster }: ServerGroupSpec): Promise<FunctionConfiguration> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const latest = await readState(region, cluster, LATEST);
    const waits = latest?.State === 'Pending' || latest?.LastUpdateStatus === 'InProgress';
    if (latest && !waits) return latest;
    if (performance.now() > deadline)
      throw new ProviderError('pending', `AWS still prepares the function ${cluster}.`);
    await pause(LOOK_AGAIN_MS);
  }
}

/** @throws ProviderError `invalid` with AWS's reason for a function that cannot be published. */
function working({ cluster }: ServerGroupSpec, latest: FunctionConfiguration): FunctionConfiguration {
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = latest;
  if (State === 'Failed')
    throw new ProviderError(
      'invalid',
      `The function ${cluster} does not start: ${StateReason ?? 'no reason given'}`,
    );
  if (LastUpdateStatus === 'Failed')
    throw new ProviderError(
      'invalid',
      `AWS did not take the change of the function ${cluster}: ${LastUpdateStatusReason ?? 'no reason given'}`,
    );
  return latest;
}

function variablesOf({ name, config }: ServerGroupSpec): Record<string, string> {
  return { ...config, [GROUP_VARIABLE]: name };
}

function bears({ Environment }: FunctionConfiguration, spec: ServerGroupSpec): boolean {
  const given = Environment?.Variables ?? {};
  const wanted = variablesOf(spec);
  const names = Object.keys(wanted);
  return names.length === Object.keys(given).length && names.every((name) => given[name] === wanted[name]);
}
