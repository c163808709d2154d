import type { Status } from '@/server/domain/status';

/**
 * The only status changes there are. The engine applies each as an UPDATE conditional on the status
 * it comes from; no row back means that someone else moved first.
 */
const ALLOWED: Readonly<Record<Status, readonly Status[]>> = {
  pending: ['running', 'skipped', 'canceled', 'errored'],
  running: ['succeeded', 'failed', 'errored', 'stopped', 'skipped', 'canceled', 'paused'],
  paused: ['running', 'canceled'],
  succeeded: [],
  failed: [],
  errored: [],
  stopped: [],
  skipped: [],
  canceled: [],
};

export function canBecome(from: Status, to: Status): boolean {
  return ALLOWED[from].includes(to);
}

/** The statuses from which `to` may be reached. */
export function sourcesOf(to: Status): Status[] {
  return (Object.keys(ALLOWED) as Status[]).filter((from) => ALLOWED[from].includes(to));
}
