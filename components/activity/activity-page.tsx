'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { AuditPanel } from '@/components/activity/audit-panel';
import { TrendPanel } from '@/components/activity/trend-panel';
import { ExecutionsPanel } from '@/components/executions/executions-panel';
import { PageHeader } from '@/components/ui/page-header';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';

const TABS = ['executions', 'delivery', 'audit'] as const;

/** What ran, and what was changed by whom. */
export function ActivityPage() {
  const t = useTranslations('activity');
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('executions'));
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <Tabs value={tab} onValueChange={(next) => void setTab(TABS.find((each) => each === next) ?? null)}>
        <TabsList>
          {TABS.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(each)}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="executions">
          <ExecutionsPanel />
        </TabsContent>
        <TabsContent value="delivery">
          <TrendPanel />
        </TabsContent>
        <TabsContent value="audit">
          <AuditPanel />
        </TabsContent>
      </Tabs>
    </>
  );
}
