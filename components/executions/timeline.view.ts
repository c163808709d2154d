import type { StageBranch, TreeStage } from '@/components/graph/stage-tree.view';
import type { Status } from '@/server/domain/status';

export interface TimedStage extends TreeStage {
  readonly endedAt: string | null;
  readonly waiting: { readonly kind: string } | null;
}

export interface TimelineBar<S> {
  readonly stage: S;
  readonly depth: number;
  readonly status: Status;
  /** Share of the whole strip, 0..1. */
  readonly left: number;
  readonly width: number;
  readonly milliseconds: number;
  readonly running: boolean;
  readonly forPerson: boolean;
}

export interface Timeline<S> {
  readonly bars: readonly TimelineBar<S>[];
  /** From the first start to the last end, or to now while something runs. */
  readonly milliseconds: number;
  /** Started stages that are not drawn because there are too many. */
  readonly hidden: number;
}

/** A bar thinner than this cannot be seen or hit. */
const MIN_WIDTH = 0.004;

/**
 * Where the time went: one bar per started stage. With more than `limit` the longest are kept, in
 * their order, and the rest is counted.
 */
export function timelineOf<S extends TimedStage>(
  rows: readonly StageBranch<S>[],
  now: number,
  limit = 40,
): Timeline<S> {
  const started = rows.flatMap(({ stage, depth }) => {
    if (stage.startedAt === null) return [];
    const from = Date.parse(stage.startedAt);
    const to = stage.endedAt === null ? Math.max(now, from) : Date.parse(stage.endedAt);
    return [{ stage, depth, from, to }];
  });
  if (started.length === 0) return { bars: [], milliseconds: 0, hidden: 0 };
  const begin = Math.min(...started.map((s) => s.from));
  const end = Math.max(...started.map((s) => s.to));
  const span = Math.max(end - begin, 1);
  const kept = longest(started, limit);
  const bars = kept.map(({ stage, depth, from, to }) => {
    const width = Math.max((to - from) / span, MIN_WIDTH);
    return {
      stage,
      depth,
      status: stage.status,
      left: Math.min((from - begin) / span, 1 - width),
      width,
      milliseconds: to - from,
      running: stage.endedAt === null,
      forPerson: stage.waiting?.kind === 'person',
    };
  });
  return { bars, milliseconds: end - begin, hidden: started.length - kept.length };
}

function longest<T extends { from: number; to: number }>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const kept = new Set(items.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, limit));
  return items.filter((item) => kept.has(item));
}
