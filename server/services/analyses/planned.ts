import type { AnalysisOptions } from '@/server/domain/analysis';

/** From when to when a look into the past goes; ISO 8601. */
export interface PastWindow {
  readonly startTime: string | null;
  readonly endTime: string | null;
}

/** How many looks an analysis plans; a remainder that is shorter than the interval is dropped, as in Kayenta. */
export function plannedLooks(
  { intervalSeconds, lifetimeSeconds }: AnalysisOptions,
  { startTime, endTime }: PastWindow,
): number {
  const pastMs = Date.parse(endTime ?? '') - Date.parse(startTime ?? '');
  const seconds = Number.isFinite(pastMs) ? pastMs / 1_000 : lifetimeSeconds;
  return Math.max(1, Math.floor(seconds / intervalSeconds));
}
