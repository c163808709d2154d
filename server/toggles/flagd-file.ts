import {
  FLAG_FILE_SCHEMA,
  type Flag,
  type FlagFile,
  type FlagIssue,
  type FlagMetadata,
  type Segment,
  type Toggle,
  type ToggleDefinition,
  toggleSchema,
} from '@/server/domain/toggles';
import { checkFile, refusal } from '@/server/toggles/validate';

/** What a flagd file says, in our words. */
export interface ImportedFlags {
  /** With a definition in the one environment. */
  readonly toggles: readonly Toggle[];
  readonly segments: readonly Segment[];
  /** Flags that are wrong in themselves, with all that is wrong with each. */
  readonly refused: readonly RefusedFlag[];
}

export interface RefusedFlag {
  readonly key: string;
  readonly issues: readonly FlagIssue[];
}

/**
 * Reads a flagd file, in the form of providers or with the list of flags that only the daemon reads. A disabled flag
 * is one that is switched off without an off variant, which leaves the answer to the code as before.
 * @throws AppError unprocessable, with `details.issues`, when it is wrong as a whole.
 */
export function importFlags(content: unknown, environment: string): ImportedFlags {
  const { file, refused } = rightFlags(withFlagsByKey(content));
  return {
    toggles: Object.entries(file.flags).map(([key, flag]) => importedToggle(key, flag, environment)),
    segments: Object.entries(file.$evaluators ?? {}).map(([key, condition]) => ({
      key,
      name: key,
      description: '',
      condition,
    })),
    refused,
  };
}

/** The file without the flags that are wrong in themselves. */
function rightFlags(content: unknown): { file: FlagFile; refused: readonly RefusedFlag[] } {
  const check = checkFile(content);
  if (check.ok) return { file: check.set.file, refused: [] };
  const flags = flagsOf(content);
  // The longest first: “a.b” is a key, too, and no field of “a”.
  const keys = Object.keys(flags).toSorted((one, other) => other.length - one.length);
  const wrong = new Map<string, FlagIssue[]>();
  for (const issue of check.issues) {
    const key = keys.find((one) => issue.path === `flags.${one}` || issue.path.startsWith(`flags.${one}.`));
    if (key === undefined) throw refusal(check.issues);
    wrong.set(key, [...(wrong.get(key) ?? []), issue]);
  }
  const right = Object.fromEntries(Object.entries(flags).filter(([key]) => !wrong.has(key)));
  const again = checkFile({ ...(content as object), flags: right });
  if (!again.ok) throw refusal(again.issues);
  return { file: again.set.file, refused: [...wrong].map(([key, issues]) => ({ key, issues })) };
}

function flagsOf(content: unknown): object {
  const flags = typeof content === 'object' && content !== null && 'flags' in content ? content.flags : null;
  return typeof flags === 'object' && flags !== null ? flags : {};
}

/**
 * An environment's toggles as people wrote them, as a flagd file. What flagd has no words for is left out and named:
 * take the compiled file where the answers matter.
 */
export function exportFlags(
  toggles: readonly Toggle[],
  segments: readonly Segment[],
  environment: string,
  metadata?: FlagMetadata,
): { file: FlagFile; omitted: { key: string; fields: string[] }[] } {
  const here = toggles.flatMap((toggle) => {
    const definition = toggle.environments[environment];
    return definition ? [{ toggle, definition }] : [];
  });
  const evaluators = Object.fromEntries(segments.map(({ key, condition }) => [key, condition]));
  const file = {
    $schema: FLAG_FILE_SCHEMA,
    ...(metadata ? { metadata } : {}),
    ...(segments.length > 0 ? { $evaluators: evaluators } : {}),
    flags: Object.fromEntries(
      here.map(({ toggle, definition }) => [toggle.key, exportedFlag(toggle, definition)]),
    ),
  };
  const omitted = here
    .map(({ toggle, definition }) => ({ key: toggle.key, fields: omittedFields(definition) }))
    .filter(({ fields }) => fields.length > 0);
  return { file, omitted };
}

function withFlagsByKey(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || !('flags' in content)) return content;
  const { flags } = content;
  if (!Array.isArray(flags)) return content;
  const named = flags.map((flag: unknown, at): [string, unknown] => {
    if (typeof flag !== 'object' || flag === null || !('key' in flag)) return [`[${at}]`, flag];
    const { key, ...rest } = flag;
    return [typeof key === 'string' ? key : `[${at}]`, rest];
  });
  return { ...content, flags: Object.fromEntries(named) };
}

function importedToggle(key: string, flag: Flag, environment: string): Toggle {
  const { metadata = {} } = flag;
  const text = (field: string, longest: number) => {
    const value = metadata[field];
    return typeof value === 'string' ? value.slice(0, longest) : undefined;
  };
  return toggleSchema.parse({
    key,
    name: text('name', 200) || key,
    description: text('description', 10_000),
    owner: text('owner', 200),
    variants: flag.variants,
    metadata,
    environments: {
      [environment]: {
        on: flag.state === 'ENABLED',
        offVariant: null,
        defaultVariant: flag.defaultVariant ?? null,
        targeting: flag.targeting && Object.keys(flag.targeting).length > 0 ? flag.targeting : null,
      },
    },
  });
}

function exportedFlag({ variants, metadata }: Toggle, definition: ToggleDefinition): Flag {
  return {
    state: definition.on ? 'ENABLED' : 'DISABLED',
    variants,
    defaultVariant: definition.defaultVariant,
    ...(definition.targeting ? { targeting: definition.targeting } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

function omittedFields(definition: ToggleDefinition): string[] {
  return [
    ...(definition.offVariant === null ? [] : ['offVariant']),
    ...(definition.prerequisites.length === 0 ? [] : ['prerequisites']),
    ...(definition.versionRequirement === null ? [] : ['versionRequirement']),
    ...(definition.schedule.length === 0 ? [] : ['schedule']),
  ];
}
