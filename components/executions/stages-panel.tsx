'use client';

import { List, Workflow } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { useStageChoice } from '@/components/executions/use-stage-choice';
import { outlineOf } from '@/components/graph/graph-outline.view';
import { StageList } from '@/components/graph/stage-list';
import { useGraphLayout } from '@/components/graph/use-graph-layout';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';

/** React Flow measures the window, so it has nothing to say on the server. */
const ExecutionGraph = dynamic(
  () => import('@/components/graph/execution-graph').then((m) => m.ExecutionGraph),
  {
    ssr: false,
    loading: GraphSkeleton,
  },
);

interface StagesPanelProps {
  readonly choice: ReturnType<typeof useStageChoice>;
  readonly count: number;
  /** No room for a graph: the list, without a choice. */
  readonly narrow: boolean;
}

export function StagesPanel({ choice, count, narrow }: StagesPanelProps) {
  const t = useTranslations('executions.graph');
  const asList = narrow || choice.mode === 'list';
  return (
    <section aria-label={t('label')} className="overflow-hidden rounded-lg border bg-surface">
      <header className="flex min-h-10 items-center justify-between gap-3 border-b px-4 py-1.5">
        <h2 className="font-semibold text-sm">{t('count', { count })}</h2>
        {narrow ? null : <ModeSwitch choice={choice} />}
      </header>
      {asList ? <ListOf choice={choice} /> : <GraphOf choice={choice} />}
    </section>
  );
}

function ListOf({ choice }: { choice: StagesPanelProps['choice'] }) {
  return (
    <StageList
      tree={choice.tree}
      open={choice.open}
      selected={choice.selected}
      onSelect={choice.onSelect}
      onToggle={choice.onToggle}
      className="max-h-[min(32rem,60dvh)]"
    />
  );
}

/** Tall enough for what it shows, within bounds that keep the timeline on the page. */
const MIN_HEIGHT = 220;
const MAX_HEIGHT = 620;
const MARGIN = 72;

function GraphOf({ choice }: { choice: StagesPanelProps['choice'] }) {
  const t = useTranslations('executions.graph');
  const { tree, open } = choice;
  const { layout, failed } = useGraphLayout(tree, open);
  const outline = useMemo(() => outlineOf(tree, open), [tree, open]);
  if (failed) {
    return (
      <>
        <p className="border-b bg-caution-soft px-4 py-2 text-caution-ink text-sm">{t('failed')}</p>
        <ListOf choice={choice} />
      </>
    );
  }
  // Of the outline, so that the page does not move when the layout arrives.
  const height = Math.min(Math.max(outline.height + MARGIN, MIN_HEIGHT), MAX_HEIGHT);
  return (
    <div style={{ height }} className="bg-canvas">
      <ExecutionGraph
        layout={layout ?? outline}
        branches={choice.branches}
        open={choice.open}
        selected={choice.selected}
        onSelect={choice.onSelect}
        onToggle={choice.onToggle}
      />
    </div>
  );
}

/** While the code that draws is on its way: cards, not a grey box. */
function GraphSkeleton() {
  const t = useTranslations('executions.graph');
  return (
    <div
      role="status"
      aria-label={t('drawing')}
      className="flex size-full items-center justify-center gap-14 overflow-hidden px-4"
    >
      {[0, 1, 2].map((card) => (
        <div
          key={card}
          className="flex h-[68px] w-[216px] shrink-0 flex-col justify-center gap-2 rounded-lg border bg-surface p-2.5"
        >
          <Skeleton className="h-3.5 w-3/4" />
          <Skeleton className="h-2.5 w-1/2" />
        </div>
      ))}
    </div>
  );
}

function ModeSwitch({ choice }: { choice: StagesPanelProps['choice'] }) {
  const t = useTranslations('executions.graph');
  const modes = [
    { mode: 'graph', label: t('asGraph'), Icon: Workflow },
    { mode: 'list', label: t('asList'), Icon: List },
  ] as const;
  return (
    <div role="group" aria-label={t('view')} className="flex rounded-md border p-0.5">
      {modes.map(({ mode, label, Icon }) => (
        <button
          key={mode}
          type="button"
          aria-pressed={choice.mode === mode}
          onClick={() => void choice.setMode(mode)}
          className={cn(
            'inline-flex h-6 items-center gap-1.5 rounded-sm px-2 text-xs',
            choice.mode === mode ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink',
          )}
        >
          <Icon aria-hidden className="size-3.5" />
          {label}
        </button>
      ))}
    </div>
  );
}
