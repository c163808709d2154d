import { isDeepStrictEqual } from 'node:util';
import { MAX_TOTAL_WEIGHT, type RuleList, type Serve, type Split } from '@/server/domain/toggle-rules';
import { type Move, movesBetween } from '@/server/toggles/rules/moves';
import { shareOf, withShare } from '@/server/toggles/rules/shares';

/** In percent; splits in other units differ by less than this. */
const NEGLIGIBLE = 0.001;

/** A place in two lists of rules that is about the same people. */
interface Pair {
  readonly before: Split;
  readonly after: Split;
}

/**
 * The rules with the shares that they give, and their buckets in the order in which only those move who must: a variant
 * that grows, or stays as it is, keeps everyone it has.
 */
export function steadied(before: RuleList | null, after: RuleList): RuleList {
  if (!before) return after;
  const rules = after.rules.map((rule) => {
    const old = before.rules.find((one) => isSamePlace(one, rule))?.serve;
    return { ...rule, serve: steadiedServe(old, rule.serve) };
  });
  const otherwise = after.otherwise && steadiedServe(before.otherwise ?? undefined, after.otherwise);
  return { rules, otherwise };
}

/** Those who lose a variant although its share does not shrink; null for everyone, who are drawn anew. */
export function needlessMoves(before: RuleList, after: RuleList): readonly Move[] | null {
  const found: Move[] = [];
  for (const { before: old, after: next } of pairsOf(before, after)) {
    const moves = movesBetween(old, next);
    if (!moves) return null;
    found.push(...moves.filter(({ from }) => isNeedless(moves, from, old, next)));
  }
  return found;
}

function pairsOf(before: RuleList, after: RuleList): Pair[] {
  const places = [
    { old: before.otherwise, next: after.otherwise },
    ...after.rules.map((rule) => ({
      old: before.rules.find((one) => isSamePlace(one, rule))?.serve ?? null,
      next: rule.serve,
    })),
  ];
  return places.flatMap(({ old, next }) =>
    old?.kind === 'split' && next?.kind === 'split' && isDrawn(old) && isDrawn(next)
      ? [{ before: old, after: next }]
      : [],
  );
}

function isDrawn(split: Split): boolean {
  return shareOf(split, '').total > 0;
}

function isSamePlace(one: RuleList['rules'][number], other: RuleList['rules'][number]): boolean {
  return one.match === other.match && isDeepStrictEqual(one.conditions, other.conditions);
}

/** More of them leave than its share shrinks. */
function isNeedless(moves: readonly Move[], variant: string, before: Split, after: Split): boolean {
  const leaving = moves.filter(({ from }) => from === variant).reduce((sum, { percent }) => sum + percent, 0);
  const shrinks = Math.max(0, percentOf(before, variant) - percentOf(after, variant));
  return leaving > shrinks + NEGLIGIBLE;
}

function percentOf(split: Split, variant: string): number {
  const { weight, total } = shareOf(split, variant);
  return (weight / total) * 100;
}

function steadiedServe(before: Serve | undefined, after: Serve): Serve {
  if (before?.kind !== 'split' || after.kind !== 'split' || before.by !== after.by) return after;
  if (!isDrawn(before) || !isDrawn(after)) return after;
  const moves = movesBetween(before, after) ?? [];
  return moves.some(({ from }) => isNeedless(moves, from, before, after)) ? laidOver(before, after) : after;
}

/** The old buckets, changed from variant to variant until they have the new shares. */
function laidOver(before: Split, after: Split): Split {
  const total = commonTotal(shareOf(before, '').total, shareOf(after, '').total);
  const wanted = sharesIn(after, total);
  let split = inUnits(before, total);
  const order = variantsOf(split);
  for (const grower of wanted.keys()) {
    for (const giver of order) {
      const missing = (wanted.get(grower) ?? 0) - shareOf(split, grower).weight;
      const spare = shareOf(split, giver).weight - (wanted.get(giver) ?? 0);
      const amount = Math.min(missing, spare);
      if (amount <= 0 || giver === grower) continue;
      split = given(split, grower, giver, amount, order);
    }
  }
  const absent = [...wanted.keys()].filter((variant) => !variantsOf(split).includes(variant));
  return { ...split, buckets: [...absent.map((variant) => ({ variant, weight: 0 })), ...split.buckets] };
}

/** The one that comes first grows at its end and shrinks from there, so that it is where it was after both. */
function given(split: Split, grower: string, giver: string, amount: number, order: readonly string[]): Split {
  const isGiverFirst = order.includes(grower) && order.indexOf(giver) < order.indexOf(grower);
  return isGiverFirst
    ? withShare(split, giver, shareOf(split, giver).weight - amount, grower)
    : withShare(split, grower, shareOf(split, grower).weight + amount, giver);
}

function variantsOf(split: Split): string[] {
  return [...new Set(split.buckets.map(({ variant }) => variant))];
}

/** Units in which both can be written; where there are none that fit, some fine enough for a millionth of a percent. */
function commonTotal(one: number, other: number): number {
  const common = (one / divisor(one, other)) * other;
  return common <= MAX_TOTAL_WEIGHT ? common : one * Math.floor(MAX_TOTAL_WEIGHT / one);
}

function divisor(one: number, other: number): number {
  return other === 0 ? one : divisor(other, one % other);
}

/** Every threshold stays where it was. */
function inUnits(split: Split, total: number): Split {
  const factor = total / shareOf(split, '').total;
  return {
    ...split,
    buckets: split.buckets.map(({ variant, weight }) => ({ variant, weight: weight * factor })),
  };
}

/** The weight of every variant; what rounding leaves over is the last one's. */
function sharesIn(split: Split, total: number): ReadonlyMap<string, number> {
  const whole = shareOf(split, '').total;
  const shares = new Map(
    variantsOf(split).map((variant) => [
      variant,
      Math.floor((shareOf(split, variant).weight / whole) * total),
    ]),
  );
  const sum = [...shares.values()].reduce((all, one) => all + one, 0);
  const last = variantsOf(split).findLast((variant) => shareOf(split, variant).weight > 0) ?? '';
  return shares.set(last, (shares.get(last) ?? 0) + total - sum);
}
