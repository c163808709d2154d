import type { Split } from '@/server/domain/toggle-rules';
import { shareOf } from '@/server/toggles/rules/shares';

export interface Move {
  readonly from: string;
  readonly to: string;
  /** Of all people, from 0 to 100. */
  readonly percent: number;
}

/** Who gets another variant than before: both splits laid over each other, bucket by bucket. */
export function movesBetween(before: Split, after: Split): Move[] | null {
  // Another attribute draws the lots anew.
  if (before.by !== after.by) return null;
  const [old, next] = [edgesOf(before), edgesOf(after)];
  const cuts = [...new Set([0, ...old.map(({ end }) => end), ...next.map(({ end }) => end)])].toSorted(
    (a, b) => a - b,
  );
  const moves = new Map<string, Move>();
  for (const [index, end] of cuts.entries()) {
    const start = cuts[index - 1];
    if (start === undefined) continue;
    const middle = (start + end) / 2;
    const from = at(old, middle);
    const to = at(next, middle);
    if (from === to) continue;
    const key = JSON.stringify([from, to]);
    moves.set(key, { from, to, percent: (moves.get(key)?.percent ?? 0) + (end - start) });
  }
  return [...moves.values()].filter(({ percent }) => percent > 0.000_1);
}

interface Edge {
  readonly variant: string;
  readonly end: number;
}

function edgesOf(split: Split): Edge[] {
  const { total } = shareOf(split, '');
  let sum = 0;
  return split.buckets.map(({ variant, weight }) => {
    sum += weight;
    // Rounded, so that the same threshold in other units is the same number.
    return { variant, end: Math.round((sum / total) * 1e8) / 1e6 };
  });
}

function at(edges: readonly Edge[], place: number): string {
  return edges.find(({ end }) => place < end)?.variant ?? '';
}
