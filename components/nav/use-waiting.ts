'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/trpc/trpc';

/** The gates that wait for a person; the rail, the phone bar and the palette share one read. */
export function useWaiting() {
  const trpc = useTRPC();
  return useQuery(trpc.judgments.listWaiting.queryOptions({}));
}
