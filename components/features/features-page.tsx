'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { EnvironmentsPanel } from '@/components/features/environments-panel';
import { FeatureList } from '@/components/features/feature-list';
import { FilesPanel } from '@/components/features/files-panel';
import { RequestsPanel } from '@/components/features/requests-panel';
import { SegmentsPanel } from '@/components/features/segments-panel';
import { StalePanel } from '@/components/features/stale-panel';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';

const VIEWS = ['all', 'requests', 'stale', 'segments', 'environments', 'files'] as const;
type View = (typeof VIEWS)[number];

const PANELS: Readonly<Record<View, React.ComponentType>> = {
  all: FeatureList,
  requests: RequestsPanel,
  stale: StalePanel,
  segments: SegmentsPanel,
  environments: EnvironmentsPanel,
  files: FilesPanel,
};

/** Who sees what: all features, and what goes with them. */
export function FeaturesPage() {
  const t = useTranslations('features');
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('all'));
  const mayWrite = useMay('toggle.write');
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        className="pb-2"
        actions={
          mayWrite ? (
            <Button asChild variant="primary">
              <Link href="/new-feature">
                <Plus aria-hidden />
                {t('new')}
              </Link>
            </Button>
          ) : null
        }
      />
      <Tabs value={view} onValueChange={(next) => void setView(VIEWS.find((each) => each === next) ?? null)}>
        <TabsList aria-label={t('views.label')}>
          {VIEWS.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(`views.${each}`)}
              {each === 'requests' ? <OpenRequests /> : null}
            </TabsTrigger>
          ))}
        </TabsList>
        {VIEWS.map((each) => {
          const Panel = PANELS[each];
          return (
            <TabsContent key={each} value={each}>
              <Panel />
            </TabsContent>
          );
        })}
      </Tabs>
    </>
  );
}

function OpenRequests() {
  const trpc = useTRPC();
  const open = useQuery(trpc.toggles.requests.list.queryOptions({ status: 'open' })).data?.length ?? 0;
  return open > 0 ? <Badge tone="caution">{open}</Badge> : null;
}
