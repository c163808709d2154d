import type { Split } from '@/server/domain/toggle-rules';

type Bucket = Split['buckets'][number];

/** The weight of a variant in all of its buckets, and of all variants together. */
export function shareOf({ buckets }: Split, variant: string): { weight: number; total: number } {
  const total = buckets.reduce((sum, { weight }) => sum + weight, 0);
  return { weight: shareOfBuckets(buckets, variant), total };
}

/**
 * A split in which a variant has this weight, the rest being another's loss or gain. People who must move are moved
 * between those two variants and no others: growing takes the front of the other's first bucket, shrinking gives back
 * the end of the last one, so that a share that grew and shrank again is where it was.
 * @param weight in the split's own units, see `shareOf`.
 * @param against who gives or gets the difference.
 * @throws RangeError when it is no whole number, below zero, or more than both have together.
 */
export function withShare(split: Split, variant: string, weight: number, against: string): Split {
  const own = shareOf(split, variant).weight;
  const others = shareOf(split, against).weight;
  if (!Number.isInteger(weight) || weight < 0 || weight > own + others || variant === against) {
    throw new RangeError(`a share of ${weight} cannot be taken from ${others} of “${against}”`);
  }
  if (weight === own) return split;
  const buckets =
    weight > own
      ? grown(split.buckets, variant, weight - own, against)
      : shrunk(split.buckets, variant, own - weight, against);
  return { ...split, buckets: merged(buckets) };
}

function grown(buckets: readonly Bucket[], variant: string, by: number, from: string): Bucket[] {
  let missing = by;
  return buckets.flatMap((bucket): Bucket[] => {
    if (bucket.variant !== from || missing === 0) return [bucket];
    const taken = Math.min(missing, bucket.weight);
    missing -= taken;
    return [
      { variant, weight: taken },
      { ...bucket, weight: bucket.weight - taken },
    ];
  });
}

function shrunk(buckets: readonly Bucket[], variant: string, by: number, to: string): Bucket[] {
  let missing = by;
  return buckets
    .toReversed()
    .flatMap((bucket): Bucket[] => {
      if (bucket.variant !== variant || missing === 0) return [bucket];
      const given = Math.min(missing, bucket.weight);
      missing -= given;
      return [
        { variant: to, weight: given },
        { ...bucket, weight: bucket.weight - given },
      ];
    })
    .toReversed();
}

/** Neighbours of one variant as one bucket. A bucket of no weight stays only where its variant has no other. */
function merged(buckets: readonly Bucket[]): Bucket[] {
  const present = buckets.filter(({ variant, weight }, at) => {
    const firstOf = buckets.findIndex((other) => other.variant === variant);
    return weight > 0 || (at === firstOf && shareOfBuckets(buckets, variant) === 0);
  });
  const list: Bucket[] = [];
  for (const bucket of present) {
    const last = list.at(-1);
    if (last?.variant === bucket.variant) {
      list[list.length - 1] = { ...last, weight: last.weight + bucket.weight };
    } else list.push(bucket);
  }
  return list;
}

function shareOfBuckets(buckets: readonly Bucket[], variant: string): number {
  return buckets.reduce((sum, bucket) => sum + (bucket.variant === variant ? bucket.weight : 0), 0);
}
