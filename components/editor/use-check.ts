'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Draft } from '@/components/editor/draft.view';
import { type Issue, isUnsaid, plainProblem } from '@/components/editor/issues.view';
import { useTRPCClient } from '@/components/trpc/trpc';

const QUIET_MS = 250;

export interface Check {
  /** Null until the first answer. */
  readonly issues: readonly Issue[] | null;
  /** Whether they are about what is there now. */
  readonly isCurrent: boolean;
}

/** Asks the service what would keep the draft from being saved, whenever it has been left alone for a moment. */
export function useCheck(application: string, draft: Draft): Check {
  const client = useTRPCClient();
  const asked = useQuiet(draft);
  const query = useQuery({
    queryKey: ['pipeline check', application, asked],
    queryFn: ({ signal }) => client.pipelines.check.mutate({ application, definition: asked }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const t = useTranslations('editor.plain');
  const issues = useMemo(
    () =>
      query.data?.issues.map((issue) => {
        const plain = plainProblem(issue, asked);
        return {
          path: issue.path,
          message: plain ? t(plain) : issue.message,
          isMissing: isUnsaid(issue, asked),
        };
      }) ?? null,
    [query.data, asked, t],
  );
  return {
    issues,
    isCurrent: asked === draft && query.isSuccess && !query.isPlaceholderData,
  };
}

/** A value once it has not changed for a moment. */
function useQuiet<Value>(value: Value): Value {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), QUIET_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}
