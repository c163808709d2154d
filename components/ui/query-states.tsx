'use client';

import type { ReactNode } from 'react';
import { ErrorState } from '@/components/ui/states';

interface ReadQuery<Data> {
  readonly data: Data | undefined;
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly isFetching: boolean;
  readonly error: { readonly message: string } | null;
  refetch(): unknown;
}

interface QueryStatesProps<Data> {
  readonly query: ReadQuery<Data>;
  /** Shown until the first answer. */
  readonly skeleton: ReactNode;
  /** What could not be read, in a few words. */
  readonly failed: string;
  /** Shown instead when there is nothing to list. */
  readonly empty?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** What every region that reads something shows: on its way, broken with a retry, empty, or its data. */
export function QueryStates<Data>({ query, skeleton, failed, empty, children }: QueryStatesProps<Data>) {
  if (query.isPending) return skeleton;
  if (query.data === undefined || query.isError) {
    return (
      <ErrorState
        title={failed}
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  if (empty !== undefined && Array.isArray(query.data) && query.data.length === 0) return empty;
  return children(query.data);
}
