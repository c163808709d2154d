'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { AboutPanel } from '@/components/settings/about-panel';
import { AccountPanel } from '@/components/settings/account-panel';
import { AccountsPanel } from '@/components/settings/accounts-panel';
import { CataloguePanel } from '@/components/settings/catalogue-panel';
import { MetricsSourcesPanel } from '@/components/settings/metrics-sources-panel';
import { NotificationsPanel } from '@/components/settings/notifications-panel';
import { PeoplePanel } from '@/components/settings/people-panel';
import { TokensPanel } from '@/components/settings/tokens-panel';
import { WebhooksPanel } from '@/components/settings/webhooks-panel';
import { PageHeader } from '@/components/ui/page-header';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';

const TABS = [
  'account',
  'tokens',
  'people',
  'accounts',
  'webhooks',
  'notifications',
  'metrics',
  'catalogue',
  'about',
] as const;
type Tab = (typeof TABS)[number];

const PANELS: Readonly<Record<Tab, () => React.ReactNode>> = {
  account: AccountPanel,
  tokens: TokensPanel,
  people: PeoplePanel,
  accounts: AccountsPanel,
  webhooks: WebhooksPanel,
  notifications: NotificationsPanel,
  metrics: MetricsSourcesPanel,
  catalogue: CataloguePanel,
  about: AboutPanel,
};

/** One's own account first, then what the installation is made of. */
export function SettingsPage() {
  const t = useTranslations('settings');
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('account'));
  const mayAdmin = useMay('user.admin');
  const shown = TABS.filter((each) => each !== 'people' || mayAdmin || tab === 'people');
  return (
    <>
      <PageHeader title={t('title')} />
      <Tabs value={tab} onValueChange={(next) => void setTab(TABS.find((each) => each === next) ?? null)}>
        <TabsList aria-label={t('nav')}>
          {shown.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(`tabs.${each}`)}
            </TabsTrigger>
          ))}
        </TabsList>
        {shown.map((each) => {
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
