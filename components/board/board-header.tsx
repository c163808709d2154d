'use client';

import { FoldHorizontal, UnfoldHorizontal } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { ColumnGroup } from '@/components/board/columns.view';
import { cn } from '@/components/ui/cn';

interface BoardHeaderProps {
  readonly groups: readonly ColumnGroup[];
  /** Grid columns, as the rows below have them. */
  readonly template: string;
  /** Width of the column that stands still, behind which an environment's name must not go. */
  readonly nameColumn: string;
  readonly onFold: (environment: string) => void;
}

const CELL = 'min-w-0 bg-surface px-2.5 text-xs';
/** Beside what it is for both lines of the header. */
const BOTH_LINES = { gridRow: 'span 2' } as const;

/** Two lines: environments, and under each its regions. */
export function BoardHeader({ groups, template, nameColumn, onFold }: BoardHeaderProps) {
  const t = useTranslations('board');
  return (
    <div className="grid border-b" style={{ gridTemplateColumns: template }}>
      <div role="row" aria-rowindex={1} className="contents">
        <div
          role="columnheader"
          aria-rowspan={2}
          className={cn(CELL, 'sticky left-0 z-10 flex items-end border-r px-3 pb-2 text-muted')}
          style={BOTH_LINES}
        >
          {t('application')}
        </div>
        {groups.map((group, index) => (
          <div
            key={group.environment}
            role="columnheader"
            aria-colspan={group.folded ? 1 : group.regions.length}
            className={cn(CELL, 'flex items-end pt-2', index > 0 && 'border-l')}
            style={{ gridColumn: `span ${group.folded ? 1 : group.regions.length}` }}
          >
            <Environment group={group} nameColumn={nameColumn} onFold={onFold} />
          </div>
        ))}
        <div
          role="columnheader"
          aria-rowspan={2}
          className={cn(CELL, 'flex items-end border-l px-3 pb-2 text-muted')}
          style={BOTH_LINES}
        >
          {t('waiting')}
        </div>
      </div>
      <div role="row" aria-rowindex={2} className="contents">
        {groups.flatMap(({ environment, regions, folded }, index) =>
          (folded ? [t('regions', { count: regions.length })] : regions).map((region, position) => (
            <div
              key={`${environment} ${region}`}
              role="columnheader"
              className={cn(CELL, 'wrap-anywhere pb-2 text-muted', index > 0 && position === 0 && 'border-l')}
            >
              {region}
            </div>
          )),
        )}
      </div>
    </div>
  );
}

/** The name of an environment, in view as long as one of its regions is. */
function Environment({
  group,
  nameColumn,
  onFold,
}: { readonly group: ColumnGroup } & Pick<BoardHeaderProps, 'nameColumn' | 'onFold'>) {
  const t = useTranslations('board');
  const { environment, foldable, folded } = group;
  const look = 'sticky inline-flex min-w-0 max-w-full items-center gap-1.5 font-semibold';
  const left = { left: `calc(${nameColumn} + 0.625rem)` };
  const name = (
    <span className="wrap-anywhere line-clamp-2 text-left" title={environment}>
      {environment}
    </span>
  );
  if (!foldable) {
    return (
      <span className={look} style={left}>
        {name}
      </span>
    );
  }
  const Icon = folded ? UnfoldHorizontal : FoldHorizontal;
  return (
    <button
      type="button"
      aria-expanded={!folded}
      title={t(folded ? 'unfold' : 'fold')}
      onClick={() => onFold(environment)}
      className={cn(look, 'rounded-sm hover:underline')}
      style={left}
    >
      {name}
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
    </button>
  );
}
