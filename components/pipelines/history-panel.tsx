'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { DefinitionDiff } from '@/components/editor/definition-diff';
import { useMay } from '@/components/nav/use-me';
import { editorPath } from '@/components/pipelines/pipeline.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { RelativeTime } from '@/components/ui/time';
import type { PipelineRevisionView } from '@/server/domain/views/admin';

interface HistoryPanelProps {
  readonly application: string;
  readonly pipeline: string;
}

/** Who changed the pipeline when, what each changed, and a way back. */
export function HistoryPanel({ application, pipeline }: HistoryPanelProps) {
  const t = useTranslations('pipelines.history');
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.revisions.queryOptions({ application, name: pipeline }));
  return (
    <QueryStates query={query} skeleton={<RowsSkeleton />} failed={t('failed')}>
      {(revisions) => <Revisions revisions={revisions} editor={editorPath(application, pipeline)} />}
    </QueryStates>
  );
}

function Revisions({ revisions, editor }: { revisions: readonly PipelineRevisionView[]; editor: string }) {
  const t = useTranslations('pipelines.history');
  const mayWrite = useMay('pipeline.write');
  const [chosen, setChosen] = useState<number | null>(null);
  const at = Math.max(
    0,
    revisions.findIndex(({ revision }) => revision === chosen),
  );
  const shown = revisions[at];
  const before = revisions[at + 1];
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <Card className="overflow-hidden">
        <ul aria-label={t('label')} className="scroll-slim max-h-[70dvh] divide-y overflow-y-auto">
          {revisions.map(({ revision, by, at: when }, index) => (
            <li key={revision}>
              <button
                type="button"
                aria-pressed={index === at}
                onClick={() => setChosen(revision)}
                className={cn(
                  'flex w-full flex-col px-3 py-2 text-left hover:bg-sunken',
                  index === at && 'bg-accent-soft',
                )}
              >
                <span className="flex items-center gap-2 font-medium text-sm">
                  {t('revision', { revision })}
                  {index === 0 ? <Badge tone="clear">{t('inForce')}</Badge> : null}
                </span>
                <span className="text-muted text-xs">
                  {by} · <RelativeTime at={when} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Card>
      {shown ? (
        <Card className="min-w-0 overflow-hidden">
          <div className="flex min-h-11 items-center justify-between gap-3 border-b px-4 py-1.5">
            <h2 className="font-semibold text-base">
              {before ? t('changed', { revision: shown.revision }) : t('begun', { revision: shown.revision })}
            </h2>
            {at > 0 && mayWrite ? (
              <Button asChild size="sm">
                <Link href={`${editor}?tab=diff&revision=${shown.revision}`}>
                  <RotateCcw aria-hidden />
                  {t('restore')}
                </Link>
              </Button>
            ) : null}
          </div>
          <DefinitionDiff
            before={before?.definition ?? null}
            after={shown.definition}
            beforeLabel={before ? t('revision', { revision: before.revision }) : t('nothing')}
            afterLabel={t('revision', { revision: shown.revision })}
          />
        </Card>
      ) : null}
    </div>
  );
}
