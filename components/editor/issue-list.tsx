'use client';

import { CircleCheck, PenLine, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { fieldsIn, type Issue, stageOf } from '@/components/editor/issues.view';
import { useWords } from '@/components/editor/use-words';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';

interface IssueListProps {
  /** False while the first answer is on its way. */
  readonly isChecked: boolean;
  /** Whether it matters to who looks that nothing keeps it from being saved. */
  readonly maySave: boolean;
  readonly onGo: (issue: Issue) => void;
}

/** Everything that keeps the pipeline from being saved; each leads to its field. */
export function IssueList({ isChecked, maySave, onGo }: IssueListProps) {
  const t = useTranslations('editor');
  const { issues, hints } = useEditor();
  if (!isChecked) return <Skeleton className="h-8" />;
  const isWrong = issues.length > 0;
  const shown = isWrong ? issues : hints;
  if (shown.length === 0 && !maySave) return null;
  const said = isWrong
    ? t('problems', { count: issues.length })
    : hints.length > 0
      ? t('toFillIn', { count: hints.length })
      : t('noProblems');
  return (
    <div>
      {/* Always there, so that a change of it is spoken. */}
      <p role="status" className="sr-only">
        {said}
      </p>
      {shown.length === 0 ? (
        <p aria-hidden className="flex h-8 items-center gap-1.5 text-muted text-sm">
          <CircleCheck className="size-4 text-clear" />
          {said}
        </p>
      ) : (
        <Issues issues={shown} title={said} isWrong={isWrong} onGo={onGo} />
      )}
    </div>
  );
}

interface IssuesProps {
  readonly issues: readonly Issue[];
  readonly title: string;
  /** Or else only missing yet. */
  readonly isWrong: boolean;
  readonly onGo: (issue: Issue) => void;
}

function Issues({ issues, title, isWrong, onGo }: IssuesProps) {
  const t = useTranslations('editor');
  const placeOf = usePlaces();
  const Icon = isWrong ? TriangleAlert : PenLine;
  return (
    <section
      aria-label={t('problemsLabel')}
      className={cn(
        'rounded-lg border',
        isWrong ? 'border-danger bg-danger-soft text-danger-ink' : 'bg-surface',
      )}
    >
      <h2 className="flex h-9 items-center gap-1.5 px-3 font-semibold text-sm">
        <Icon aria-hidden className="size-4" />
        {title}
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
  );
}

/** Says where an issue is as people see it: the stage, parameter or trigger by its name, and the fields by theirs. */
function usePlaces(): (issue: Issue) => string {
  const t = useTranslations('editor');
  const words = useWords();
  const { draft } = useEditor();
  return (issue) => {
    const stage = draft.stages.find((one) => one.refId === stageOf(issue, draft));
    const item = /^(parameters|triggers)\.(\d+)/.exec(issue.path);
    const number = Number(item?.[2] ?? 0) + 1;
    const whole = stage
      ? stage.name || stage.refId
      : item
        ? t(item[1] === 'parameters' ? 'parameterNumber' : 'triggerNumber', { number })
        : null;
    const fields = fieldsIn(issue.path).map(({ name, within, entry }) => {
      const label =
        name === 'refId' ? t('refId') : name === 'requires' ? t('runsAfter') : words.field(name, within);
      return entry === null ? label : t('entry', { name: label, number: entry });
    });
    return [whole, ...fields].filter((part) => part !== null).join(' › ') || t('pipeline');
  };
}
