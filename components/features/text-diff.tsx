'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { sortedText } from '@/components/features/draft.view';
import { Skeleton } from '@/components/ui/skeleton';

const DiffView = dynamic(() => import('@/components/editor/diff-view').then((m) => m.DiffView), {
  ssr: false,
  loading: () => <Skeleton className="h-48 rounded-none" />,
});

/** What differs between two records, as text in one and the same order of fields. */
export function TextDiff({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const t = useTranslations('features');
  const [old, next] = useMemo(() => [sortedText(before), sortedText(after)], [before, after]);
  return (
    <div className="mt-2 overflow-hidden rounded-md border">
      <DiffView before={old} after={next} beforeLabel={t('before')} afterLabel={t('after')} />
    </div>
  );
}
