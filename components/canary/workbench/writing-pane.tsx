'use client';

import { useTranslations } from 'use-intl';
import { BasicsCard } from '@/components/canary/workbench/basics-card';
import { GroupsCard } from '@/components/canary/workbench/groups-card';
import { JsonPane } from '@/components/canary/workbench/json-pane';
import { MetricsSection } from '@/components/canary/workbench/metrics-section';
import { PoliciesCard } from '@/components/canary/workbench/policy-fields';
import type { ConfigDraft } from '@/components/canary/workbench/use-config-draft';
import { type Places, WORKBENCH_TABS } from '@/components/canary/workbench/use-places';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';

interface WritingPaneProps {
  readonly draft: ConfigDraft;
  readonly places: Places;
  readonly mayWrite: boolean;
}

/** The configuration as a form, or as JSON. */
export function WritingPane({ draft, places, mayWrite }: WritingPaneProps) {
  const t = useTranslations('workbench');
  return (
    <Tabs value={places.tab} onValueChange={places.setTab}>
      <TabsList aria-label={t('tabs.label')}>
        {WORKBENCH_TABS.map((each) => (
          <TabsTrigger key={each} value={each}>
            {t(`tabs.${each}`)}
          </TabsTrigger>
        ))}
      </TabsList>
      <TabsContent value="form" className="flex flex-col gap-4">
        {draft.isBroken ? <p className="text-muted text-sm">{t('json.broken')}</p> : null}
        <BasicsCard />
        <MetricsSection open={places.open} setOpen={places.setOpen} />
        <GroupsCard />
        <PoliciesCard />
      </TabsContent>
      <TabsContent value="json">
        <JsonPane typed={draft.typed} mayWrite={mayWrite} onType={draft.setTyped} />
      </TabsContent>
    </Tabs>
  );
}
