import { createHash } from 'node:crypto';
import type { FeatureFlag } from '@openfeature/flagd-core';
import type { Evaluation, Flag, FlagFile, FlagMetadata } from '@/server/domain/toggles';
import { canonical, isJsonObject, nodesOf } from '@/server/toggles/json';

/** One flag, ready to be evaluated. The same object goes on from set to set while its definition does not change. */
export interface LoadedFlag {
  /** The definition as text, by which a later set knows it again. */
  readonly source: string;
  readonly flag: Flag;
  /** The flag with every `$ref` replaced; the same object when it has none. */
  readonly whole: Flag;
  readonly feature: FeatureFlag;
  /** Of the definition, segments included. */
  readonly hash: string;
  /** It splits people by their targeting key, somewhere. */
  readonly splitsByKey: boolean;
  /** Its answer changes with time. */
  readonly readsTime: boolean;
}

/** What a compiled set knows of a flag: with the set's metadata, which its own goes before. */
export interface CompiledFlag extends LoadedFlag {
  readonly metadata: FlagMetadata;
  /** What everyone gets of a flag that is disabled or has no targeting; null for the others. */
  readonly constant: Evaluation | null;
}

/** All flags of one environment at one moment, compiled. It never changes. */
export interface FlagSet {
  /** What in-process providers read. */
  readonly file: FlagFile;
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly metadata: FlagMetadata;
  /** The same for the same definitions, whichever process compiled them. */
  readonly hash: string;
  readonly readsTime: boolean;
  readonly evaluatorsSource: string;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}

export function loadedFlag(source: string, flag: Flag, whole: Flag, feature: FeatureFlag): LoadedFlag {
  const nodes = whole.targeting ? [...nodesOf(whole.targeting)].filter(isJsonObject) : [];
  const splitsByKey = nodes.some(
    ({ fractional }) => Array.isArray(fractional) && Array.isArray(fractional[0]),
  );
  const readsTime = nodes.some((node) => {
    const name = Array.isArray(node.var) ? node.var[0] : node.var;
    // The whole context and all that flagd adds hold the time as well.
    return name === '$flagd.timestamp' || name === '$flagd' || name === '';
  });
  return { source, flag, whole, feature, hash: digest(canonical(whole)), splitsByKey, readsTime };
}

function compiledFlag(key: string, loaded: LoadedFlag, shared: FlagMetadata): CompiledFlag {
  const metadata = { ...shared, ...loaded.flag.metadata };
  return { ...loaded, metadata, constant: constantOf(key, loaded.whole, metadata) };
}

/** As flagd-core answers, without asking it each time. */
function constantOf(key: string, flag: Flag, metadata: FlagMetadata): Evaluation | null {
  if (flag.state === 'DISABLED') return { key, reason: 'DISABLED', metadata };
  if (flag.targeting && Object.keys(flag.targeting).length > 0) return null;
  const variant = flag.defaultVariant;
  const value = variant ? flag.variants[variant] : undefined;
  if (!variant || value === undefined) return { key, reason: 'DEFAULT', metadata };
  return { key, reason: 'STATIC', value, variant, metadata };
}

export function flagSet(
  file: FlagFile,
  loaded: ReadonlyMap<string, LoadedFlag>,
  evaluatorsSource: string,
): FlagSet {
  const metadata = file.metadata ?? {};
  const flags = new Map([...loaded].map(([key, one]) => [key, compiledFlag(key, one, metadata)] as const));
  const parts = [...flags].map(([key, { hash }]) => `${key}=${hash}`).toSorted();
  return {
    file,
    flags,
    metadata,
    hash: digest([canonical(metadata), ...parts].join('\n')),
    readsTime: [...flags.values()].some(({ readsTime }) => readsTime),
    evaluatorsSource,
  };
}
