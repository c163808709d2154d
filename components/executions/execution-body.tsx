'use client';

import { useTranslations } from 'use-intl';
import { openGate, showsEvidence } from '@/components/executions/execution.view';
import { StageDetails } from '@/components/executions/stage-details';
import { StagesPanel } from '@/components/executions/stages-panel';
import { TimelineStrip } from '@/components/executions/timeline-strip';
import { useMedia, WIDE } from '@/components/executions/use-media';
import { useStageChoice } from '@/components/executions/use-stage-choice';
import { EvidenceCard } from '@/components/gates/evidence-card';
import { allRows, visibleRows } from '@/components/graph/stage-tree.view';
import { useMessage } from '@/components/i18n/provider';
import { Sheet, SheetContent } from '@/components/ui/dialog';
import type { ExecutionView } from '@/server/domain/views/execution';

/** Up to so many stages the timeline shows all of them, unfolded or not. */
const ALL_IN_TIMELINE = 30;

/** A gate is as tall as it is, with its buttons held at the bottom of the window; all else scrolls by itself. */
const SCROLLING_PANEL =
  'scroll-slim sticky top-16 max-h-[calc(100dvh-5rem)] overflow-y-auto rounded-lg border bg-surface p-4';

/** Stages on the left, the chosen one on the right; on narrow screens the gate first and details in a sheet. */
export function ExecutionBody({ execution }: { execution: ExecutionView }) {
  const t = useTranslations('executions.stage');
  const wide = useMedia(WIDE);
  const choice = useStageChoice(execution);
  const stage = choice.selected ? choice.branches.get(choice.selected)?.stage : undefined;
  const isGate = stage !== undefined && showsEvidence(stage);
  const rows =
    execution.stages.length <= ALL_IN_TIMELINE ? allRows(choice.tree) : visibleRows(choice.tree, choice.open);
  const left = (
    <div className="flex min-w-0 flex-col gap-4">
      <StagesPanel choice={choice} count={choice.tree.length} narrow={!wide} />
      <TimelineStrip rows={rows} selected={choice.selected} onSelect={choice.onSelect} />
    </div>
  );
  if (!wide) return <NarrowBody execution={execution} choice={choice} list={left} />;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_25rem] xl:grid-cols-[minmax(0,1fr)_28rem]">
      {left}
      <aside aria-label={t('label')} className={isGate ? undefined : SCROLLING_PANEL}>
        {stage ? (
          <StageDetails key={stage.refId} execution={execution} stage={stage} />
        ) : (
          <p className="text-muted text-sm">{t('none')}</p>
        )}
      </aside>
    </div>
  );
}

interface NarrowBodyProps {
  readonly execution: ExecutionView;
  readonly choice: ReturnType<typeof useStageChoice>;
  readonly list: React.ReactNode;
}

function NarrowBody({ execution, choice, list }: NarrowBodyProps) {
  const say = useMessage();
  const t = useTranslations('executions.stage');
  const gate = openGate(execution);
  const stage = choice.chosen ? choice.branches.get(choice.chosen)?.stage : undefined;
  return (
    <div className="flex flex-col gap-4">
      {gate ? <EvidenceCard executionId={execution.id} refId={gate.refId} /> : null}
      {list}
      <Sheet
        open={stage !== undefined}
        onOpenChange={(open) => (open ? undefined : void choice.setChosen(null))}
      >
        {stage ? (
          <SheetContent title={say(stage.name)} description={t('label')}>
            <StageDetails key={stage.refId} execution={execution} stage={stage} />
          </SheetContent>
        ) : null}
      </Sheet>
    </div>
  );
}
