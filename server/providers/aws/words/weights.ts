import { type Member, shares } from '@/server/domain/shares';
import { targetGroupKey } from '@/server/providers/aws/words/names';

/** A group that is attached, as far as a listener shares requests out to it. */
export interface RoutedGroup {
  readonly targetGroupArn: string;
  /** How many of its targets are healthy. */
  readonly healthy: number;
  /** Whether they are enough to answer for the group. */
  readonly able: boolean;
}

/** The greatest weight of a target group in a forward action. */
const GREATEST = 999;

/**
 * The weights of a forward action. A target group without a healthy target answers its share with errors, and no
 * other takes over: it has none, until it is able. When nobody is able all wait with their shares.
 * @param asked weights by the key of the target group.
 * @param othersServe whether there is somebody else who may be able.
 */
export function forwardWeights(
  groups: readonly RoutedGroup[],
  asked: Readonly<Record<string, number>>,
  othersServe = false,
): Map<string, number> {
  const someAble = othersServe || groups.some(({ able }) => able);
  const members = groups.map(({ targetGroupArn, healthy, able }): Member => {
    const healthyInstances = Math.max(1, healthy);
    return { serverGroup: targetGroupKey(targetGroupArn), enabled: able || !someAble, healthyInstances };
  });
  const parts = shares(members, asked);
  const whole = wholeNumbers(
    groups.map(({ targetGroupArn }) => parts.get(targetGroupKey(targetGroupArn)) ?? 0),
  );
  return new Map(groups.map(({ targetGroupArn }, index) => [targetGroupArn, whole[index] ?? 0]));
}

/**
 * Together with target groups of others in the same action: what they get stays the same part of everything. Where
 * none of ours got anything before, ours and theirs halve it.
 */
export function besideOthers(
  ours: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, number>,
  oursBefore: number,
): Map<string, number> {
  const [mine, theirs] = [sumOf(ours), sumOf(others)];
  if (mine === 0 || theirs === 0) return new Map([...others, ...ours]);
  const part = oursBefore > 0 ? theirs / (theirs + oursBefore) : 0.5;
  const all = [
    ...[...others].map(([arn, weight]) => [arn, (weight / theirs) * part] as const),
    ...[...ours].map(([arn, weight]) => [arn, (weight / mine) * (1 - part)] as const),
  ];
  const whole = wholeNumbers(all.map(([, weight]) => weight));
  return new Map(all.map(([arn], index) => [arn, whole[index] ?? 0]));
}

export function sumOf(weights: ReadonlyMap<string, number>): number {
  return [...weights.values()].reduce((sum, weight) => sum + weight, 0);
}

/** The smallest whole numbers in the ratio of the shares; none that is positive becomes zero. */
function wholeNumbers(parts: readonly number[]): number[] {
  for (let denominator = 1; denominator <= GREATEST; denominator++) {
    const scaled = parts.map((part) => part * denominator);
    if (scaled.every((value) => Math.abs(value - Math.round(value)) < 1e-6)) return scaled.map(Math.round);
  }
  return parts.map((part) => (part > 0 ? Math.max(1, Math.round(part * GREATEST)) : 0));
}

/** As a tag keeps them. Only those asked for are there. */
export function weightsTag(weights: Readonly<Record<string, number>>): string {
  return Object.entries(weights)
    .map(([key, weight]) => `${key}=${Number(weight.toPrecision(6))}`)
    .join(' ');
}

export function weightsIn(tag: string | undefined): Record<string, number> {
  const pairs = (tag ?? '').split(' ').flatMap((pair): [string, number][] => {
    const [key, weight] = pair.split('=');
    return key && weight !== undefined && Number.isFinite(Number(weight)) ? [[key, Number(weight)]] : [];
  });
  return Object.fromEntries(pairs);
}
