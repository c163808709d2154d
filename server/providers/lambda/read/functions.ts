import {
  type AliasConfiguration,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  paginateListFunctions,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import { isMissing } from '@/server/providers/lambda/client/errors';
import type { Platform, Region } from '@/server/providers/lambda/client/platform';

export const LATEST = '$LATEST';

/** One function as AWS has it now. */
export interface FunctionView {
  readonly name: string;
  /** What is worked on, and never called through the alias. */
  readonly latest: FunctionConfiguration | null;
  /** Published ones, oldest first. */
  readonly versions: readonly FunctionConfiguration[];
  /** Null until a version is enabled. */
  readonly alias: AliasConfiguration | null;
}

/**
 * Every function of the region with its versions, in as few pages as AWS allows.
 * @param withAlias whether the alias of a function is worth a call.
 */
export async function readFunctions(
  platform: Platform,
  region: Region,
  withAlias: (versions: readonly FunctionConfiguration[]) => boolean,
  signal?: AbortSignal,
): Promise<FunctionView[]> {
  const byName = new Map<string, FunctionConfiguration[]>();
  const pages = paginateListFunctions(
    { client: region.lambda },
    { FunctionVersion: 'ALL' },
    { abortSignal: signal },
  );
  for await (const { Functions = [] } of pages)
    for (const one of Functions) {
      const name = one.FunctionName ?? '';
      byName.set(name, [...(byName.get(name) ?? []), one]);
    }
  return Promise.all(
    [...byName].map(async ([name, all]) => {
      const { versions, latest } = parted(all);
      const alias = withAlias(versions) ? await readAlias(platform, region, name, signal) : null;
      return { name, latest, versions, alias };
    }),
  );
}

/** Null when there is no such function. */
export async function findFunction(
  platform: Platform,
  region: Region,
  name: string,
  signal?: AbortSignal,
): Promise<FunctionView | null> {
  const all: FunctionConfiguration[] = [];
  const pages = paginateListVersionsByFunction(
    { client: region.lambda },
    { FunctionName: name },
    { abortSignal: signal },
  );
  try {
    for await (const { Versions = [] } of pages) all.push(...Versions);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  if (all.length === 0) return null;
  return { name, ...parted(all), alias: await readAlias(platform, region, name, signal) };
}

function parted(all: readonly FunctionConfiguration[]): Pick<FunctionView, 'latest' | 'versions'> {
  return {
    latest: all.find(({ Version }) => Version === LATEST) ?? null,
    versions: all
      .filter(({ Version }) => Version !== LATEST)
      .toSorted((a, b) => Number(a.Version) - Number(b.Version)),
  };
}

/** Null when it has none of that name. */
export async function readAlias(
  { config }: Platform,
  { lambda }: Region,
  FunctionName: string,
  signal?: AbortSignal,
): Promise<AliasConfiguration | null> {
  const command = new GetAliasCommand({ FunctionName, Name: config.alias });
  return orNull(lambda.send(command, { abortSignal: signal }));
}

/** The state of one version, which lists leave out; null when it is gone. */
export async function readState(
  { states }: Region,
  FunctionName: string,
  Qualifier: string,
  signal?: AbortSignal,
): Promise<FunctionConfiguration | null> {
  const qualified = Qualifier === LATEST ? { FunctionName } : { FunctionName, Qualifier };
  const answer = await orNull(states.send(new GetFunctionCommand(qualified), { abortSignal: signal }));
  return answer?.Configuration ?? null;
}

/** The address of the alias, where someone has given it one. */
export async function readUrl(
  { config }: Platform,
  { lambda }: Region,
  FunctionName: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const command = new GetFunctionUrlConfigCommand({ FunctionName, Qualifier: config.alias });
  return (await orNull(lambda.send(command, { abortSignal: signal })))?.FunctionUrl ?? null;
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
