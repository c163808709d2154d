'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Draft } from '@/components/editor/draft.view';
import type { EditorContextValue } from '@/components/editor/editor-context';
import { useTRPC } from '@/components/trpc/trpc';
import { ROLES } from '@/server/domain/roles';
import type { Catalogue } from '@/server/domain/views/admin';

/** The names that fields can be filled with. What cannot be read (some may not) offers nothing. */
export function useChoices(
  application: string,
  draft: Draft,
  catalogue: Catalogue,
): EditorContextValue['choices'] {
  const trpc = useTRPC();
  const applications = useQuery(trpc.applications.list.queryOptions({})).data;
  const environments = useQuery(trpc.applications.get.queryOptions({ application })).data?.environments;
  const pipelines = useQuery(trpc.pipelines.list.queryOptions({ application })).data;
  const accounts = useQuery(trpc.accounts.list.queryOptions({})).data;
  const artifacts = useQuery(trpc.artifacts.list.queryOptions({})).data;
  const endpoints = useQuery(trpc.notifications.listEndpoints.queryOptions({})).data;
  const sources = useQuery(trpc.webhooks.listSources.queryOptions({})).data;
  const canaryConfigs = useQuery(trpc.canaryConfigs.list.queryOptions({ application })).data;
  const metricsSources = useQuery(trpc.metricsSources.list.queryOptions({})).data;
  const toggles = useQuery(trpc.toggles.list.queryOptions({})).data;
  const toggleEnvironments = useQuery(trpc.toggles.environments.list.queryOptions({})).data;
  return useMemo(() => {
    const places = environments ?? [];
    return {
      application: namesOf(applications),
      environment: namesOf(places),
      cluster: unique(places.map((place) => place.cluster)),
      region: unique(places.flatMap((place) => place.regions)),
      pipeline: unique([...namesOf(pipelines), draft.name].filter(Boolean)),
      account: (accounts ?? []).map(({ account }) => account),
      artifact: unique(namesOf(artifacts)),
      webhookSource: namesOf(sources),
      endpoint: namesOf(endpoints),
      canaryConfig: namesOf(canaryConfigs),
      metricsSource: namesOf(metricsSources),
      toggle: (toggles ?? []).map(({ key }) => key),
      toggleEnvironment: namesOf(toggleEnvironments),
      // Known only where it is known of which toggle.
      variant: [],
      strategy: catalogue.strategies.map((strategy) => strategy.kind),
      stage: draft.stages.map((stage) => stage.refId),
      role: ROLES,
      timeZone: Intl.supportedValuesOf('timeZone'),
    };
  }, [
    applications,
    environments,
    pipelines,
    accounts,
    artifacts,
    sources,
    endpoints,
    canaryConfigs,
    metricsSources,
    toggles,
    toggleEnvironments,
    catalogue,
    draft,
  ]);
}

function namesOf(things: readonly { readonly name: string }[] | undefined): readonly string[] {
  return (things ?? []).map((thing) => thing.name);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
