'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { GraphContextValue } from '@/components/graph/graph-context';
import { FoldButton, StageFace } from '@/components/graph/stage-face';
import { type StageBranch, visibleRows } from '@/components/graph/stage-tree.view';
import { cn } from '@/components/ui/cn';
import type { StageView } from '@/server/domain/views/execution';

interface StageListProps extends Omit<GraphContextValue, 'branches'> {
  readonly tree: readonly StageBranch<StageView>[];
  readonly className?: string;
}

const ROW = 52;

/** The stages as a tree for keyboards, screen readers and narrow screens; only visible rows are in the page. */
export function StageList({ tree, open, selected, onSelect, onToggle, className }: StageListProps) {
  const t = useTranslations('executions.graph');
  const rows = useMemo(() => visibleRows(tree, open), [tree, open]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const at = rows.findIndex((row) => row.stage.refId === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const fold = { ArrowRight: false, ArrowLeft: true }[event.key];
    if (step !== undefined) {
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (next) onSelect(next.stage.refId);
    } else if (fold !== undefined && row && row.children.length > 0 && open.has(row.stage.refId) === fold) {
      onToggle(row.stage.refId);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label={t('label')}
      aria-activedescendant={at >= 0 ? `stage-${rows[at]?.stage.refId}` : undefined}
      onKeyDown={onKeyDown}
      className={cn('scroll-slim relative overflow-y-auto focus-visible:outline-offset-[-2px]', className)}
    >
      <div style={{ height: virtual.getTotalSize() }} className="relative">
        {virtual.getVirtualItems().map((item) => {
          const branch = rows[item.index];
          return branch ? (
            <Row
              key={branch.stage.refId}
              branch={branch}
              top={item.start}
              open={open.has(branch.stage.refId)}
              selected={branch.stage.refId === selected}
              onSelect={onSelect}
              onToggle={onToggle}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly branch: StageBranch<StageView>;
  readonly top: number;
  readonly open: boolean;
  readonly selected: boolean;
  readonly onSelect: (refId: string) => void;
  readonly onToggle: (refId: string) => void;
}

function Row({ branch, top, open, selected, onSelect, onToggle }: RowProps) {
  const { refId } = branch.stage;
  const foldable = branch.children.length > 0;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the tree around it holds the focus and the keys
    <div
      id={`stage-${refId}`}
      role="treeitem"
      aria-level={branch.depth + 1}
      aria-selected={selected}
      aria-expanded={foldable ? open : undefined}
      onClick={() => onSelect(refId)}
      style={{ top, height: ROW, paddingLeft: 12 + branch.depth * 22 }}
      className={cn(
        'absolute inset-x-0 flex cursor-pointer items-center border-b pr-3 transition-colors',
        selected ? 'bg-accent-soft' : 'hover:bg-sunken',
      )}
    >
      <StageFace branch={branch} size="step" />
      <span className="ml-1 w-6 shrink-0">
        {foldable ? <FoldButton branch={branch} open={open} onToggle={() => onToggle(refId)} /> : null}
      </span>
    </div>
  );
}
