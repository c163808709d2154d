'use client';

import { useQuery } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { featureHref } from '@/components/features/features.view';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';

/** Features that should be cleaned up, with every reason. */
export function StalePanel() {
  const t = useTranslations('features.stale');
  const kinds = useTranslations('features.kinds');
  const render = useMessage();
  const trpc = useTRPC();
  const query = useQuery(trpc.toggles.stale.queryOptions({}));
  return (
    <Panel title={t('title')} description={t('description')}>
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<Sparkles />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(features) => (
          <ul aria-label={t('title')}>
            {features.map(({ key, name, kind, owner, reasons }) => (
              <li key={key} className="border-b px-4 py-3 last:border-b-0">
                <p className="flex flex-wrap items-center gap-2 text-sm">
                  <Link href={featureHref(key)} className="font-medium underline-offset-4 hover:underline">
                    {name}
                  </Link>
                  <code className="break-all font-mono text-muted text-xs">{key}</code>
                  <Badge>{kinds(kind)}</Badge>
                  {owner ? <span className="text-muted">{owner}</span> : null}
                </p>
                <ul className="mt-1 list-disc pl-5 text-muted text-sm">
                  {reasons.map((reason) => (
                    <li key={`${reason.kind} ${reason.environment ?? ''}`}>{render(reason.sentence)}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        )}
      </QueryStates>
    </Panel>
  );
}
