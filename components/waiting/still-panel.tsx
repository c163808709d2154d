'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { useExecutionName } from '@/components/executions/use-execution-name';
import { useMessage } from '@/components/i18n/provider';
import { StatusMark } from '@/components/status/status-badge';
import { VersionTag } from '@/components/status/version-tag';
import { useTRPC } from '@/components/trpc/trpc';
import { QueryStates } from '@/components/ui/query-states';
import { Skeleton } from '@/components/ui/skeleton';
import { Countdown, RelativeTime } from '@/components/ui/time';
import type { WaitingItem } from '@/server/domain/views/execution';

/** Everything that stands still and is no gate, with why: the first place to look when a rollout seems stuck. */
export function StillPanel() {
  const t = useTranslations('waiting.still');
  const trpc = useTRPC();
  const query = useQuery(trpc.executions.waiting.queryOptions({}));
  return (
    <section aria-label={t('title')} className="mt-10 flex flex-col gap-3">
      <header>
        <h2 className="font-semibold text-base">{t('title')}</h2>
        <p className="text-muted text-sm">{t('description')}</p>
      </header>
      <QueryStates query={query} skeleton={<Skeleton className="h-24" />} failed={t('failed')}>
        {(items) => <Items items={items.filter((item) => item.waiting.kind !== 'person')} />}
      </QueryStates>
    </section>
  );
}

function Items({ items }: { items: readonly WaitingItem[] }) {
  const t = useTranslations('waiting.still');
  if (items.length === 0) return <p className="text-muted text-sm">{t('none')}</p>;
  return (
    <ul aria-label={t('label')} className="divide-y rounded-lg border bg-surface">
      {items.map((item) => (
        <Item key={`${item.executionId}/${item.refId ?? ''}`} item={item} />
      ))}
    </ul>
  );
}

function Item({ item }: { item: WaitingItem }) {
  const t = useTranslations('waiting.still');
  const name = useExecutionName();
  const say = useMessage();
  const { executionId, refId, waiting } = item;
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:grid-cols-[minmax(0,5fr)_minmax(0,6fr)_8rem]">
      <div className="min-w-0">
        <Link
          href={`/executions/${executionId}${refId ? `?stage=${encodeURIComponent(refId)}` : ''}`}
          className="flex min-w-0 flex-wrap items-center gap-x-2 font-medium underline-offset-4 hover:underline"
        >
          <StatusMark iconOnly status={item.status} />
          <span className="min-w-0 truncate">{name(item)}</span>
          {item.version ? <VersionTag version={item.version} /> : null}
        </Link>
        <p className="truncate text-muted text-xs">{item.stageName ? say(item.stageName) : t('whole')}</p>
      </div>
      <p className="min-w-0 break-words">
        {say(waiting.reason)}
        {waiting.until ? (
          <span className="block text-muted text-xs">
            {t.rich('until', { time: () => <Countdown until={waiting.until ?? ''} /> })}
          </span>
        ) : null}
      </p>
      <p className="text-muted sm:text-right">
        <RelativeTime at={item.since} />
      </p>
    </li>
  );
}
