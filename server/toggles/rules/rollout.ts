import { AppError } from '@/server/domain/errors';
import type { RuleList, Split } from '@/server/domain/toggle-rules';
import type { Targeting, ToggleDefinition } from '@/server/domain/toggles';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { shareOf, withShare } from '@/server/toggles/rules/shares';
import { toTargeting } from '@/server/toggles/rules/to-targeting';

/** Fine enough for a thousandth of a percent. */
const FINEST = 100_000;

export interface Rollout {
  /** The split of this rule, from 0 on; null for the one of everybody whom no rule matched. */
  readonly rule: number | null;
  readonly variant: string;
  /** From 0 to 100. */
  readonly percent: number;
  /** Who gives or gets the difference; the default variant unless it is said. */
  readonly against?: string;
}

/**
 * The targeting in which a variant reaches this share of the people at one place: what a percentage slider or a step
 * of a ramp sets. Nobody moves but between the two variants, and while the share grows nobody moves out of it.
 * @throws AppError unprocessable when there is no such split and none can be made.
 */
export function withRollout(
  definition: Pick<ToggleDefinition, 'targeting' | 'defaultVariant'>,
  rollout: Rollout,
): Targeting {
  const list = fromTargeting(definition.targeting);
  if (!list) {
    throw refused(
      'The targeting was written by hand, so no percentage of it is known; change it in the JSON.',
    );
  }
  const against = rollout.against ?? definition.defaultVariant;
  if (against === null || against === rollout.variant) {
    throw refused(`Say which variant the others get while “${rollout.variant}” is rolled out.`);
  }
  const split = scaled(splitAt(list, rollout, against));
  const { total } = shareOf(split, rollout.variant);
  const weight = Math.round((Math.min(100, Math.max(0, rollout.percent)) / 100) * total);
  const changed = withSplit(list, rollout.rule, shared(split, rollout.variant, weight, against));
  // Null only for an empty list, and this one has a split.
  return toTargeting(changed) ?? {};
}

/** The percentage of a variant at one place; null where there is no split. */
export function rolloutOf(targeting: Targeting | null, rule: number | null, variant: string): number | null {
  const list = fromTargeting(targeting);
  const serve = rule === null ? list?.otherwise : list?.rules[rule]?.serve;
  if (serve?.kind !== 'split') return null;
  const { weight, total } = shareOf(serve, variant);
  return total === 0 ? null : (weight / total) * 100;
}

function splitAt(list: RuleList, { rule, variant }: Rollout, against: string): Split {
  const serve = rule === null ? list.otherwise : list.rules[rule]?.serve;
  if (serve === undefined) throw refused(`There is no rule ${(rule ?? 0) + 1} in this toggle.`);
  if (serve?.kind === 'split') return serve;
  const all = serve?.variant ?? against;
  if (all !== variant && all !== against) {
    throw refused(
      `Everyone gets “${all}” there; it takes part in the rollout, or the rule has to change first.`,
    );
  }
  const buckets = [variant, against].map((one) => ({ variant: one, weight: one === all ? FINEST : 0 }));
  return { kind: 'split', by: null, buckets };
}

/** The same split in finer units: every threshold stays where it was. */
function scaled(split: Split): Split {
  const { total } = shareOf(split, '');
  if (total === 0) throw refused('The split gives weight to nobody; set its weights first.');
  const factor = Math.ceil(FINEST / total);
  return {
    ...split,
    buckets: split.buckets.map(({ variant, weight }) => ({ variant, weight: weight * factor })),
  };
}

function shared(split: Split, variant: string, weight: number, against: string): Split {
  const most = shareOf(split, variant).weight + shareOf(split, against).weight;
  if (weight <= most) return withShare(split, variant, weight, against);
  const percent = Math.floor((most / shareOf(split, variant).total) * 100);
  throw refused(
    `“${variant}” can reach ${percent} % at most: the rest belongs to other variants than “${against}”.`,
  );
}

function withSplit(list: RuleList, rule: number | null, split: Split): RuleList {
  if (rule === null) return { ...list, otherwise: split };
  return { ...list, rules: list.rules.map((one, at) => (at === rule ? { ...one, serve: split } : one)) };
}

function refused(message: string): AppError {
  return new AppError('unprocessable', message);
}
