'use client';

import { useTranslations } from 'use-intl';
import { columnsOf } from '@/components/pipelines/pipeline.view';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import type { PipelineDefinition } from '@/server/domain/pipeline';

/** Columns beyond these are counted instead of drawn. */
const SHOWN = 6;

/** The shape of a pipeline in one row: what runs after what, and where a person is asked. */
export function MiniGraph({ definition }: { definition: PipelineDefinition }) {
  const t = useTranslations('pipelines');
  const columns = columnsOf(definition.stages);
  const names = definition.stages.map((stage) => stage.name).join(' → ');
  return (
    <div
      role="img"
      aria-label={t('stageGraph', { count: definition.stages.length, names })}
      className="flex min-w-0 items-center"
    >
      {columns.slice(0, SHOWN).map((column, index) => (
        <div key={column[0]?.refId ?? index} className="flex min-w-0 items-center">
          {index > 0 ? <span className="h-px w-4 shrink-0 bg-line-strong" /> : null}
          <span className="flex min-w-0 flex-col gap-1">
            {column.slice(0, 3).map((stage) => (
              <span
                key={stage.refId}
                title={stage.name}
                className={cn(
                  'inline-flex h-6 min-w-0 max-w-40 items-center gap-1.5 rounded-md border bg-surface px-2 text-xs',
                  stage.type === 'manualJudgment' && 'border-caution bg-caution-soft text-caution-ink',
                )}
              >
                {stage.type === 'manualJudgment' ? <Shape name="triangle" className="size-2.5" /> : null}
                <span className="truncate">{stage.name}</span>
              </span>
            ))}
            {column.length > 3 ? <span className="text-2xs text-muted">+{column.length - 3}</span> : null}
          </span>
        </div>
      ))}
      {columns.length > SHOWN ? (
        <span className="ml-2 text-muted text-xs">+{columns.length - SHOWN}</span>
      ) : null}
    </div>
  );
}
