/** Moments at which a crash is interesting. Each is passed by every job that gets that far. */
export const CRASH_POINTS = [
  /** Leased, nothing done. */
  'after-claim',
  /** The stage is about to act on the world. */
  'before-task',
  /** The world has changed, our rows have not. */
  'after-task',
  /** All statements ran, nothing is durable. */
  'before-commit',
  /** Durable, but this process does not know yet. */
  'after-commit',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

let passes = 0;

/**
 * Ends the process as kill -9 would when SIGNALBOX_CRASH_AT names this point (`point` or `point:n`
 * for its n-th pass). Only tests set it.
 */
export function crashPoint(point: CrashPoint): void {
  const wanted = process.env.SIGNALBOX_CRASH_AT;
  if (!wanted) return;
  const [name, pass = '1'] = wanted.split(':');
  if (name !== point) return;
  passes += 1;
  if (passes === Number(pass)) process.kill(process.pid, 'SIGKILL');
}
