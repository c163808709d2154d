import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { parseServerGroupName } from '@/server/domain/naming';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';
import { findFunction, readState } from '@/server/providers/lambda/read/functions';
import { type Mark, markIn } from '@/server/providers/lambda/words/mark';
import { type GroupRef, ProviderError } from '@/server/providers/provider';

/** A version that we published, by the name of its server group. */
export interface Version {
  readonly functionName: string;
  readonly number: string;
  readonly mark: Mark;
  /** Numbers of all versions of the function that we published. */
  readonly ours: ReadonlySet<string>;
}

/** Null when there is none of that name. */
export async function findVersion(
  platform: Platform,
  region: Region,
  { name }: Pick<GroupRef, 'name'>,
): Promise<Version | null> {
  const functionName = parseServerGroupName(name)?.cluster;
  if (functionName === undefined) return null;
  const found = await findFunction(platform, region, functionName);
  return versionNamed(functionName, found?.versions ?? [], name);
}

export function versionNamed(
  functionName: string,
  versions: readonly FunctionConfiguration[],
  name: string,
): Version | null {
  const marked = versions.flatMap(({ Description, Version: number = '' }) => {
    const mark = markIn(Description);
    return mark ? [{ functionName, number, mark }] : [];
  });
  const found = marked.find(({ mark }) => mark.serverGroup === name);
  return found ? { ...found, ours: numbersOfOurs(versions) } : null;
}

/** Those that we published. */
export function numbersOfOurs(versions: readonly FunctionConfiguration[]): ReadonlySet<string> {
  return new Set(versions.flatMap(({ Description, Version = '' }) => (markIn(Description) ? [Version] : [])));
}

/** @throws ProviderError `not_found` for none of ours. */
export async function existingVersion(platform: Platform, region: Region, ref: GroupRef): Promise<Version> {
  const found = await findVersion(platform, region, ref);
  if (found) return found;
  throw new ProviderError('not_found', `There is no server group ${ref.name} in ${region.name}.`);
}

/** @throws ProviderError `conflict` for one that cannot be called, `pending` for one that cannot yet. */
export async function requireActive(region: Region, { functionName, number, mark }: Version): Promise<void> {
  const { State, StateReason } = (await readState(region, functionName, number)) ?? {};
  if (State === 'Failed')
    throw new ProviderError(
      'conflict',
      `${mark.serverGroup} does not start: ${StateReason ?? 'no reason given'}`,
    );
  if (State === 'Pending') throw new ProviderError('pending', `AWS still prepares ${mark.serverGroup}.`);
}
