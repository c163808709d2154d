'use client';

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import type { Issue } from '@/components/editor/issues.view';
import { useWords } from '@/components/editor/use-words';

interface ConfigIssuesProps {
  readonly onGo: (issue: Issue) => void;
}

/** Everything that keeps the configuration from being saved; each leads to its field. */
export function ConfigIssues({ onGo }: ConfigIssuesProps) {
  const t = useTranslations('workbench.problems');
  const { config } = useWorkbench();
  const words = useWords();
  const { issues } = useForm();
  const said = issues.length === 0 ? t('none') : t('count', { count: issues.length });
  const partOf = (path: string) => {
    if (path === 'metrics') return t('metrics');
    return path.startsWith('classifier.groupWeights') ? t('groups') : undefined;
  };
  const placeOf = ({ path }: Issue) => {
    const [, index, query] = /^metrics\.(\d+)(?:\.query\.([^.]+))?/.exec(path) ?? [];
    const metric = index === undefined ? partOf(path) : config.metrics[Number(index)]?.name;
    const field = query === undefined ? undefined : words.field(query, 'query');
    return [metric, field].filter(Boolean).join(' › ');
  };
  return (
    <div>
      {/* Always there, so that a change of it is spoken. */}
      <p role="status" className="sr-only">
        {said}
      </p>
      {issues.length === 0 ? (
        <p aria-hidden className="flex h-8 items-center gap-1.5 text-muted text-sm">
          <CircleCheck className="size-4 text-clear" />
          {said}
        </p>
      ) : (
        <section
          aria-label={t('label')}
          className="rounded-lg border border-danger bg-danger-soft text-danger-ink"
        >
          <h2 className="flex h-9 items-center gap-1.5 px-3 font-semibold text-sm">
            <TriangleAlert aria-hidden className="size-4" />
            {said}
          </h2>
          <ul className="scroll-slim max-h-32 overflow-y-auto pb-1.5">
            {issues.map((issue) => (
              <li key={`${issue.path} ${issue.message}`}>
                <button
                  type="button"
                  title={issue.path}
                  onClick={() => onGo(issue)}
                  className="flex w-full flex-wrap gap-x-2 px-3 py-0.5 text-left text-sm hover:underline"
                >
                  <span className="font-medium">{placeOf(issue)}</span>
                  <span>{issue.message}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
