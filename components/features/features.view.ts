import {
  type FlagValue,
  type FlagValueType,
  TOGGLE_KINDS,
  type ToggleKind,
  type Variants,
} from '@/server/domain/toggles';
import type { ToggleEnvironmentView, ToggleSummary, VariantShare } from '@/server/domain/views/toggles';

/** What a list of features is narrowed to; empty for all. */
export interface FeatureFilter {
  readonly text: string;
  readonly application: string;
  readonly kind: string;
  readonly tag: string;
  readonly stale: boolean;
}

/** Features that fit, in the given order. Every word must occur. */
export function filterFeatures(features: readonly ToggleSummary[], filter: FeatureFilter): ToggleSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return features.filter((feature) => {
    const { key, name, description, owner, tags, application, kind, stale } = feature;
    if (filter.application !== '' && application !== filter.application) return false;
    if (filter.kind !== '' && kind !== filter.kind) return false;
    if (filter.tag !== '' && !tags.includes(filter.tag)) return false;
    if (filter.stale && stale.length === 0) return false;
    const text = [key, name, description, owner ?? '', ...tags].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What there is to filter by. */
export function filterChoices(features: readonly ToggleSummary[]) {
  const distinct = (values: readonly (string | null)[]) =>
    [...new Set(values.filter((value) => value !== null))].toSorted();
  return {
    applications: distinct(features.map(({ application }) => application)),
    tags: distinct(features.flatMap(({ tags }) => tags)),
  };
}

export function isKind(value: string): value is ToggleKind {
  return TOGGLE_KINDS.some((kind) => kind === value);
}

export function featureHref(key: string): string {
  return `/features/${encodeURIComponent(key)}`;
}

/** Hues that stay clear of the signal colours, as those of versions do. */
const HUES = [282, 198, 330, 50, 222, 310];
const OFF_NAMES = new Set(['off', 'false', 'disabled', 'no', 'control']);

/** A colour by variant; what means off, and the default in the code, is grey. */
export function variantColours(names: readonly (string | null)[]): ReadonlyMap<string | null, string> {
  const colours = new Map<string | null, string>();
  let next = 0;
  for (const name of [...new Set(names)].toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))) {
    if (name === null || OFF_NAMES.has(name.toLowerCase())) colours.set(name, 'var(--off)');
    else {
      const hue = HUES[next++ % HUES.length] ?? 264;
      colours.set(name, `oklch(var(--version-l) var(--version-c) ${hue})`);
    }
  }
  return colours;
}

/** Shares as people set them, to a tenth of a percent. */
export function shareText({ percent }: VariantShare): string {
  return String(Number(percent.toFixed(1)));
}

/** A key that a name suggests: `New price badge!` gives `new-price-badge`. */
export function proposedKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
}

/** What a new feature of a type begins with. */
export function firstVariants(type: FlagValueType): Variants {
  switch (type) {
    case 'boolean':
      return { on: true, off: false };
    case 'string':
      return { control: 'control', treatment: 'treatment' };
    case 'number':
      return { control: 0, treatment: 1 };
    case 'object':
      return { control: {}, treatment: {} };
    default: {
      const unreachable: never = type;
      return unreachable;
    }
  }
}

/** A variant's value as it is typed. */
export function valueText(value: FlagValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed as the value of a variant; undefined when it is none of that type. */
export function readVariantValue(type: FlagValueType, text: string): FlagValue | undefined {
  if (type === 'string') return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (type === 'number') return typeof value === 'number' ? value : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // It came out of JSON, so its fields are JSON.
  return value as Record<string, never>;
}

/** Words with commas between them, each once. */
export function readTags(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

type Switchable = Pick<ToggleEnvironmentView, 'on' | 'openRequest' | 'underway'> & {
  readonly definition: Pick<ToggleEnvironmentView['definition'], 'schedule'>;
};

/** Whether it is on, or what is planned, waits for approval or runs already may switch it on: then it can be killed. */
export function canComeOn({ on, openRequest, underway, definition }: Switchable): boolean {
  return on || openRequest !== null || underway.length > 0 || definition.schedule.length > 0;
}
