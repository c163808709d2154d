'use client';

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { type Issue, stageOf } from '@/components/editor/issues.view';
import { Skeleton } from '@/components/ui/skeleton';

interface IssueListProps {
  /** Null while the first answer is on its way. */
  readonly issues: readonly Issue[] | null;
  readonly onGo: (issue: Issue) => void;
}

/** Everything that keeps the pipeline from being saved; each leads to its field. */
export function IssueList({ issues, onGo }: IssueListProps) {
  const t = useTranslations('editor');
  if (issues === null) return <Skeleton className="h-8" />;
  const said = issues.length === 0 ? t('noProblems') : t('problems', { count: issues.length });
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
        <Issues issues={issues} title={said} onGo={onGo} />
      )}
    </div>
  );
}

interface IssuesProps {
  readonly issues: readonly Issue[];
  readonly title: string;
  readonly onGo: (issue: Issue) => void;
}

function Issues({ issues, title, onGo }: IssuesProps) {
  const t = useTranslations('editor');
  const { draft } = useEditor();
  const placeOf = (issue: Issue) => {
    const refId = stageOf(issue, draft);
    const stage = draft.stages.find((one) => one.refId === refId);
    return stage ? stage.name || stage.refId : issue.path;
  };
  return (
    <section aria-label={t('problemsLabel')} className="rounded-lg border border-danger bg-danger-soft">
      <h2 className="flex h-9 items-center gap-1.5 px-3 font-semibold text-danger-ink text-sm">
        <TriangleAlert aria-hidden className="size-4" />
        {title}
      </h2>
      <ul className="scroll-slim max-h-32 overflow-y-auto pb-1.5">
        {issues.map((issue) => (
          <li key={`${issue.path} ${issue.message}`}>
            <button
              type="button"
              onClick={() => onGo(issue)}
              className="flex w-full flex-wrap gap-x-2 px-3 py-0.5 text-left text-danger-ink text-sm hover:underline"
            >
              <span className="font-medium">{placeOf(issue)}</span>
              {placeOf(issue) === issue.path ? null : (
                <code className="self-center font-mono text-2xs">{issue.path}</code>
              )}
              <span>{issue.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
