'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type DrawnSeries, seriesFor } from '@/components/canary/report.view';
import { useTRPC } from '@/components/trpc/trpc';

/**
 * A report and, apart from it, the points of its metrics: of hundreds of metrics those are megabytes, and the verdict
 * does not wait for them. Another look of the same analysis keeps what is shown until it is there.
 */
export function useReport(id: string, look: number | null) {
  const trpc = useTRPC();
  const number = look ?? undefined;
  const kept = { placeholderData: keepPreviousData };
  const report = useQuery(trpc.analyses.report.queryOptions({ id, look: number, points: false }, kept));
  const shown = report.data?.shown ?? null;
  const own = useQuery(
    trpc.analyses.report.queryOptions({ id, look: number }, { ...kept, enabled: shown !== null }),
  );
  // The points of an earlier look are kept with the latest one that holds them too.
  const elsewhere = own.data?.shown?.measurements === null && number !== undefined;
  const latest = useQuery(trpc.analyses.report.queryOptions({ id }, { ...kept, enabled: elsewhere }));
  const [first, second] = [own.data?.shown, elsewhere ? latest.data?.shown : null];
  const series = useMemo(() => seriesFor([first, second]), [first, second]);
  const coming = shown !== null && (own.isPending || (elsewhere && latest.isPending));
  return { report, series, coming };
}

/** What a part of a report needs to draw the points. */
export interface ReportSeries {
  /** Null where they are not kept. */
  readonly series: DrawnSeries | null;
  /** They are on their way. */
  readonly coming: boolean;
}
