'use client';

import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { DraftStage } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { issueCounts } from '@/components/editor/issues.view';
import { useWords } from '@/components/editor/use-words';
import { Shape } from '@/components/status/shape';

/** Name, type and number of problems of a stage: the inside of every card and row. */
export function StageSummary({ stage }: { stage: DraftStage }) {
  const t = useTranslations('editor');
  const words = useWords();
  const { issues, draft, catalogue } = useEditor();
  const problems = issueCounts(issues, draft).get(stage.refId) ?? 0;
  const type = catalogue.stages.find((one) => one.type === stage.type);
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2 text-left">
      <Shape
        name={stage.type === 'manualJudgment' ? 'triangle' : 'ring'}
        tone={stage.type === 'manualJudgment' ? 'caution' : 'off'}
        className="size-3.5"
      />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate font-semibold text-sm" title={stage.name}>
          {stage.name || stage.refId}
        </span>
        <span className="truncate text-2xs text-muted">
          {words.stageType(stage.type, type?.label ?? stage.type).name}
          {stage['when'] === undefined ? '' : ` · ${t('conditional')}`}
        </span>
      </span>
      {problems > 0 ? (
        <span className="inline-flex shrink-0 items-center gap-1 rounded-sm bg-danger-soft px-1 font-medium text-2xs text-danger-ink">
          <TriangleAlert aria-hidden className="size-3" />
          <span aria-hidden>{problems}</span>
          <span className="sr-only">{t('problems', { count: problems })}</span>
        </span>
      ) : null}
    </span>
  );
}
