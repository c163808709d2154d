/** How the stream stands. */
export type Connection = 'connecting' | 'live' | 'reconnecting';

export interface LiveState {
  readonly connection: Connection;
  /** How late the newest event reached us, by the server's own clock, so that ours may be wrong. */
  readonly lagMs: number;
}

export type Freshness =
  | { readonly kind: 'connecting' | 'live' | 'reconnecting' }
  | { readonly kind: 'behind'; readonly seconds: number };

/** Less than this nobody notices. */
const BEHIND_MS = 2_000;

/** What the mark in the top bar says. */
export function freshness(state: LiveState): Freshness {
  if (state.connection !== 'live') return { kind: state.connection };
  if (state.lagMs < BEHIND_MS) return { kind: 'live' };
  return { kind: 'behind', seconds: Math.round(state.lagMs / 1000) };
}

/** Lag of a batch: from its newest event to the moment the server sent it. 0 for an empty one. */
export function lagOf(batch: {
  readonly at: string;
  readonly events: readonly { readonly at: string }[];
}): number {
  const newest = Math.max(...batch.events.map((event) => Date.parse(event.at)));
  return Number.isFinite(newest) ? Math.max(0, Date.parse(batch.at) - newest) : 0;
}
