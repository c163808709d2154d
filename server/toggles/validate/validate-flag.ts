import type { FeatureFlag } from '@openfeature/flagd-core';
import type { z } from 'zod';
import {
  type Evaluators,
  type Flag,
  type FlagIssue,
  flagKeySchema,
  flagSchema,
  valueTypeOf,
} from '@/server/domain/toggles';
import { isDeeperThan } from '@/server/toggles/json';
import { inlinedTargeting, referencesIn } from '@/server/toggles/references';
import { grammarIssues } from '@/server/toggles/validate/grammar';
import { loadStrictly } from '@/server/toggles/validate/published-schema';
import { noVariant, variantIssues } from '@/server/toggles/validate/results';

/** Deeper than anything a person writes, and shallow enough for everyone's recursion. */
export const MAX_DEPTH = 100;

export type FlagCheck =
  | {
      readonly ok: true;
      readonly flag: Flag;
      /** The flag with every `$ref` replaced; the same object when it has none. */
      readonly whole: Flag;
      readonly feature: FeatureFlag;
      readonly issues: readonly [];
    }
  | { readonly ok: false; readonly issues: readonly FlagIssue[] };

/**
 * One flag as anybody may have written it: its shape, one type of variants, the default variant, the grammar of its
 * targeting, segments and variants that exist, and at last flagd's published schema.
 * @param evaluators the segments it may refer to, which are right in themselves.
 * @param path what the paths of the issues begin with.
 */
export function checkFlag(key: string, flag: unknown, evaluators: Evaluators = {}, path = ''): FlagCheck {
  const at = (part: string) => (path === '' ? part : `${path}.${part}`);
  const keyCheck = flagKeySchema.safeParse(key);
  if (!keyCheck.success) return refused(shapeIssues(keyCheck.error, path === '' ? 'key' : path));
  if (isDeeperThan(flag, MAX_DEPTH)) return refused([{ path, message: 'is nested too deep' }]);
  if (hasHiddenVariant(flag)) {
    return refused([{ path: at('variants.__proto__'), message: 'is a name that objects use themselves' }]);
  }
  const parsed = flagSchema.safeParse(flag);
  if (!parsed.success) return refused(shapeIssues(parsed.error, path));
  const { variants, defaultVariant, targeting } = parsed.data;
  const own: FlagIssue[] = [...variantTypeIssues(parsed.data, at('variants'))];
  if (defaultVariant && !Object.hasOwn(variants, defaultVariant)) {
    own.push({ path: at('defaultVariant'), message: noVariant(defaultVariant, Object.keys(variants)) });
  }
  if (targeting && Object.keys(targeting).length > 0) {
    own.push(...targetingIssues(targeting, at('targeting'), Object.keys(variants), evaluators));
  }
  if (own.length > 0) return refused(own);
  const whole =
    targeting && referencesIn(targeting).length > 0
      ? { ...parsed.data, targeting: inlinedTargeting(targeting, evaluators) }
      : parsed.data;
  const loading = loadStrictly(key, whole);
  if (loading.ok) return { ok: true, flag: parsed.data, feature: loading.feature, whole, issues: [] };
  return refused(loading.issues.map((issue) => ({ ...issue, path: at(issue.path).replace(/\.$/, '') })));
}

/** Targeting by itself: its grammar, its segments, and the variants that it answers. */
export function targetingIssues(
  targeting: NonNullable<Flag['targeting']>,
  path: string,
  variants: readonly string[],
  evaluators: Evaluators,
): FlagIssue[] {
  const grammar = grammarIssues(targeting, path, new Set(Object.keys(evaluators)));
  return grammar.length > 0 ? grammar : variantIssues(targeting, path, variants, evaluators);
}

/** Parsing passes over it without a word, and the variant would be gone. */
function hasHiddenVariant(flag: unknown): boolean {
  if (typeof flag !== 'object' || flag === null || !('variants' in flag)) return false;
  const { variants } = flag;
  return typeof variants === 'object' && variants !== null && Object.hasOwn(variants, '__proto__');
}

function variantTypeIssues({ variants }: Flag, path: string): FlagIssue[] {
  if (valueTypeOf(variants)) return [];
  const [first, ...rest] = Object.entries(variants);
  const type = first && valueTypeOf({ value: first[1] });
  const odd = rest.filter(([, value]) => valueTypeOf({ value }) !== type);
  return odd.map(([name, value]) => ({
    path: `${path}.${name}`,
    message: `is ${typed(value)}, while “${first?.[0]}” is ${typed(first?.[1])}; all variants of a flag have one type`,
  }));
}

function typed(value: unknown): string {
  const type = valueTypeOf({ value });
  return type === 'object' ? 'an object' : `a ${type ?? typeof value}`;
}

/** zod's issues with our paths. */
export function shapeIssues(error: z.ZodError, path: string): FlagIssue[] {
  return error.issues.map((issue) => ({
    path: issue.path.reduce<string>(
      (whole, part) =>
        typeof part === 'number'
          ? `${whole}[${part}]`
          : whole === ''
            ? String(part)
            : `${whole}.${String(part)}`,
      path,
    ),
    message: issue.message,
  }));
}

function refused(issues: readonly FlagIssue[]): FlagCheck {
  return { ok: false, issues };
}
