import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';
import { TONE_SOFT } from '@/components/ui/tone';
import type { ClusterChange } from '@/server/domain/views/application';

/** Names the execution that changes the cluster now, and leads to it. */
export function ChangeMark({ change }: { readonly change: ClusterChange }) {
  const t = useTranslations('clusters.changing');
  const { executionId, kind, version, pipeline, by, held } = change;
  const named = kind === 'deploy' && version === null ? 'other' : kind;
  return (
    <Link
      href={`/executions/${executionId}`}
      title={t('by', { by, pipeline })}
      className={cn(
        'inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 font-medium text-xs hover:underline',
        TONE_SOFT[held ? 'caution' : 'moving'],
      )}
    >
      <LoaderCircle aria-hidden className={cn('size-3', !held && 'motion-safe:animate-spin')} />
      {t(held ? 'held' : named, { version: version ?? '', pipeline })}
    </Link>
  );
}
