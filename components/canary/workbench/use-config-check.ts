'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { isName } from '@/components/canary/workbench/config.view';
import { plainProblem } from '@/components/editor/issues.view';
import { useTRPCClient } from '@/components/trpc/trpc';
import type { CanaryConfig } from '@/server/domain/canary';

const QUIET_MS = 300;

/** What would keep a configuration from being saved, asked whenever it has been left alone for a moment. */
export function useConfigCheck(
  application: string,
  source: string,
  config: CanaryConfig,
  name: string | null,
) {
  const t = useTranslations('workbench.problems');
  const plain = useTranslations('editor.plain');
  const client = useTRPCClient();
  const asked = useQuiet(useMemo(() => ({ source, config }), [source, config]));
  const query = useQuery({
    queryKey: ['canary config check', application, asked],
    queryFn: ({ signal }) => client.canaryConfigs.check.mutate({ application, ...asked }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    enabled: asked.source !== '',
  });
  const issues = useMemo(() => {
    const own = source === '' ? [{ path: 'source', message: t('source') }] : [];
    const named = name !== null || isName(config.name);
    const found = (source === '' ? [] : (query.data ?? [])).map((issue) => {
      const key = plainProblem(issue, asked.config);
      return { path: issue.path, message: key ? plain(key) : issue.message };
    });
    // What the service says of a name is about Kayenta's; ours stands in addresses.
    const rest = named ? found : found.filter(({ path }) => path !== 'name');
    return [...(named ? [] : [{ path: 'name', message: t('name') }]), ...own, ...rest];
  }, [query.data, asked, source, config.name, name, t, plain]);
  const isChecked = source === '' || query.data !== undefined || query.isError;
  return { issues, isChecked, error: query.error };
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
