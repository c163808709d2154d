'use client';

import { Plus, Workflow } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { AddStageDialog } from '@/components/editor/add-stage-dialog';
import { useEditor } from '@/components/editor/editor-context';
import { StagePanel } from '@/components/editor/stage-panel';
import { StageSummary } from '@/components/editor/stage-summary';
import { inRunningOrder } from '@/components/graph/stage-tree.view';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { useMedia } from '@/components/ui/use-media';

const EditorGraph = dynamic(() => import('@/components/editor/editor-graph').then((m) => m.EditorGraph), {
  ssr: false,
  loading: () => <Skeleton className="size-full rounded-none" />,
});

/** The graph, or on a narrow screen the list, with the form of the selected stage beside it. */
export function StagesTab() {
  const t = useTranslations('editor');
  const { draft, selected, panel, readOnly } = useEditor();
  const isWide = useMedia('(min-width: 64rem)');
  const [adding, setAdding] = useState(false);
  const add = (
    <Button disabled={readOnly} onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('addStage')}
    </Button>
  );
  return (
    <>
      {draft.stages.length === 0 ? (
        <Card>
          <EmptyState icon={<Workflow />} title={t('noStagesTitle')} action={add}>
            {t('noStages')}
          </EmptyState>
        </Card>
      ) : (
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_26rem]">
          <div className="flex min-w-0 flex-col gap-2 lg:sticky lg:top-16">
            <div className="flex items-center justify-between gap-3">
              <p className="text-muted text-sm">{isWide && !readOnly ? t('graph.hint') : null}</p>
              {add}
            </div>
            {isWide ? (
              <Card className="h-[min(34rem,calc(100dvh-20rem))] min-h-72 overflow-hidden bg-canvas">
                <EditorGraph />
              </Card>
            ) : (
              <StageList />
            )}
          </div>
          {selected === null ? null : <StagePanel key={panel} refId={selected} />}
        </div>
      )}
      <AddStageDialog open={adding} onOpenChange={setAdding} />
    </>
  );
}

/** The stages in running order, for screens on which a graph would be too small. */
function StageList() {
  const t = useTranslations('editor');
  const { draft, selected, dispatch } = useEditor();
  return (
    <Card className="overflow-hidden">
      <ol aria-label={t('stages')} className="divide-y">
        {inRunningOrder(draft.stages).map((stage) => (
          <li key={stage.refId}>
            <button
              type="button"
              aria-pressed={selected === stage.refId}
              onClick={() => dispatch({ type: 'select', refId: stage.refId })}
              className={cn(
                'flex w-full flex-col gap-0.5 px-3 py-2 text-left hover:bg-sunken',
                selected === stage.refId && 'bg-accent-soft',
              )}
            >
              <span className="flex w-full">
                <StageSummary stage={stage} />
              </span>
              {stage.requires.length > 0 ? (
                <span className="pl-[22px] text-2xs text-muted">
                  {t('after', { stages: stage.requires.join(', ') })}
                </span>
              ) : null}
            </button>
          </li>
        ))}
      </ol>
    </Card>
  );
}
