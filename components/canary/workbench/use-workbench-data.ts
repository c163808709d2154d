'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { asSchema } from '@/components/editor/schema.view';
import { useTRPC } from '@/components/trpc/trpc';

/** What every workbench reads before it can be drawn: sources, their kinds, and judges. */
export function useWorkbenchData() {
  const trpc = useTRPC();
  const sources = useQuery(trpc.metricsSources.list.queryOptions({}));
  const types = useQuery(trpc.metricsSources.types.queryOptions({}));
  const catalogue = useQuery(trpc.catalogue.list.queryOptions({}));
  const kinds = useMemo(
    () =>
      types.data?.map(({ kind, label, querySchema }) => ({
        kind,
        label,
        querySchema: asSchema(querySchema),
      })),
    [types.data],
  );
  const failed = [sources, types, catalogue].find((query) => query.isError);
  const judges = catalogue.data?.judges;
  const data = sources.data && kinds && judges ? { sources: sources.data, kinds, judges } : null;
  return { data, failed };
}
