'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { EnvironmentsPanel } from '@/components/applications/environments-panel';
import { AnalysesPanel } from '@/components/canary/analyses-panel';
import { ClustersPanel } from '@/components/clusters/clusters-panel';
import { FirewallsPanel } from '@/components/clusters/firewalls-panel';
import { LoadBalancersPanel } from '@/components/clusters/load-balancers-panel';
import { ExecutionsPanel } from '@/components/executions/executions-panel';
import { FeatureList } from '@/components/features/feature-list';
import { PipelinesPanel } from '@/components/pipelines/pipelines-panel';
import { RollbackEverywhereButton } from '@/components/rollback/everywhere-dialog';
import { useTRPC } from '@/components/trpc/trpc';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';

const TABS = [
  'clusters',
  'load-balancers',
  'firewalls',
  'pipelines',
  'canaries',
  'features',
  'history',
  'environments',
] as const;
type Tab = (typeof TABS)[number];
/** What there is to see of an application that nobody has set up here. */
const SEEN_TABS: readonly Tab[] = ['clusters', 'load-balancers', 'firewalls'];
const TAB_NAMES = {
  clusters: 'tabClusters',
  'load-balancers': 'tabLoadBalancers',
  firewalls: 'tabFirewalls',
  pipelines: 'tabPipelines',
  canaries: 'tabCanaries',
  features: 'tabFeatures',
  history: 'tabHistory',
  environments: 'tabEnvironments',
} as const satisfies Record<Tab, string>;

/** One application; which part of it is in the URL. */
export function ApplicationPage({ application }: { application: string }) {
  const t = useTranslations('applications');
  const trpc = useTRPC();
  const query = useQuery(trpc.applications.get.queryOptions({ application }));
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('clusters'));

  if (query.isError) {
    return (
      <>
        <PageHeader title={application} />
        <ErrorState error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      </>
    );
  }
  const { description, owner, seenOnly } = query.data ?? { description: '', owner: '', seenOnly: false };
  const tabs = seenOnly ? SEEN_TABS : TABS;
  const about = seenOnly
    ? t('seenOnlyText')
    : [description, owner ? t('ownedBy', { owner }) : ''].filter(Boolean).join(' · ');
  return (
    <>
      <PageHeader
        title={<span title={application}>{application}</span>}
        description={query.data ? about : <Skeleton className="mt-1 h-4 w-72 max-w-full" />}
        // A single environment has the rollback of its cluster.
        actions={
          (query.data?.environments.length ?? 0) > 1 ? (
            <RollbackEverywhereButton target={{ application }} />
          ) : null
        }
        className="pb-2"
      />
      <Tabs
        value={tabs.includes(tab) ? tab : 'clusters'}
        onValueChange={(next) => void setTab(TABS.find((each) => each === next) ?? null)}
      >
        <TabsList aria-label={t('tabs')}>
          {tabs.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(TAB_NAMES[each])}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="clusters">
          <ClustersPanel application={application} />
        </TabsContent>
        <TabsContent value="load-balancers">
          <LoadBalancersPanel application={application} />
        </TabsContent>
        <TabsContent value="firewalls">
          <FirewallsPanel application={application} />
        </TabsContent>
        <TabsContent value="pipelines">
          <PipelinesPanel application={application} />
        </TabsContent>
        <TabsContent value="canaries">
          <AnalysesPanel application={application} />
        </TabsContent>
        <TabsContent value="features">
          <FeatureList application={application} />
        </TabsContent>
        <TabsContent value="history">
          <ExecutionsPanel application={application} />
        </TabsContent>
        <TabsContent value="environments">
          {query.data ? <EnvironmentsPanel application={query.data} /> : <Skeleton className="h-40" />}
        </TabsContent>
      </Tabs>
    </>
  );
}
