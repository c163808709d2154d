'use client';

import { useQuery } from '@tanstack/react-query';
import { OctagonX } from 'lucide-react';
import { parseAsBoolean, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CountsPanel } from '@/components/features/counts-panel';
import { DetailsPanel } from '@/components/features/details-panel';
import { EnvironmentsTab } from '@/components/features/environments-tab';
import { StaleMarks } from '@/components/features/feature-row';
import { canComeOn } from '@/components/features/features.view';
import { HistoryPanel } from '@/components/features/history-panel';
import { KillDialog } from '@/components/features/kill-dialog';
import { Playground } from '@/components/features/playground';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';
import type { ToggleView } from '@/server/domain/views/toggles';

const TABS = ['environments', 'try', 'history', 'use', 'details'] as const;

/** One feature. */
export function FeaturePage({ featureKey }: { featureKey: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.toggles.get.queryOptions({ key: featureKey }));
  if (query.data) return <Feature feature={query.data} />;
  return (
    <>
      <PageHeader title={featureKey} />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : (
        <div aria-busy="true" className="grid gap-4 xl:grid-cols-2">
          <Skeleton className="h-56" />
          <Skeleton className="h-56" />
        </div>
      )}
    </>
  );
}

function Feature({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features');
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('environments'));
  return (
    <>
      <FeatureHeader feature={feature} />
      <Tabs value={tab} onValueChange={(next) => void setTab(TABS.find((each) => each === next) ?? null)}>
        <TabsList aria-label={t('tabs.label')}>
          {TABS.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(`tabs.${each}`)}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="environments">
          <EnvironmentsTab feature={feature} />
        </TabsContent>
        <TabsContent value="try">
          <Playground feature={feature} />
        </TabsContent>
        <TabsContent value="history">
          <HistoryPanel feature={feature} />
        </TabsContent>
        <TabsContent value="use">
          <CountsPanel feature={feature} />
        </TabsContent>
        <TabsContent value="details">
          <DetailsPanel feature={feature} />
        </TabsContent>
      </Tabs>
    </>
  );
}

function FeatureHeader({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  // In the address, so that a command can lead here with the question asked already.
  const [asked, setAsked] = useQueryState('kill', parseAsBoolean.withDefault(false));
  const [killing, setKilling] = useState(false);
  const { key, name, description, kind, archivedAt, environments, tags } = feature;
  const isKillable = environments.some(canComeOn);
  const close = () => {
    setKilling(false);
    void setAsked(null);
  };
  return (
    <>
      <PageHeader
        title={<span className="whitespace-normal break-words">{name}</span>}
        className="pb-2"
        aside={
          <span className="flex flex-wrap items-center gap-1.5">
            <code className="break-all font-mono text-muted text-xs">{key}</code>
            <Badge>{t(`kinds.${kind}`)}</Badge>
            {archivedAt ? <Badge tone="off">{t('archived')}</Badge> : null}
            {tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        }
        description={
          <>
            {description}
            <StaleMarks feature={feature} />
          </>
        }
        actions={
          mayWrite && isKillable ? (
            <Button variant="dangerOutline" onClick={() => setKilling(true)}>
              <OctagonX aria-hidden />
              {t('kill.everywhere')}
            </Button>
          ) : null
        }
      />
      {mayWrite && (killing || asked) ? (
        <KillDialog feature={feature} environment={null} onClose={close} />
      ) : null}
    </>
  );
}
