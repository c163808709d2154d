'use client';

import type { inferRouterOutputs } from '@trpc/server';
import { useTranslations } from 'use-intl';
import { asDraft, type Draft } from '@/components/editor/draft.view';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { DialogContent } from '@/components/ui/dialog';
import type { Tone } from '@/components/ui/tone';
import type { AppRouter } from '@/server/api/types';

export type ForeignReport = inferRouterOutputs<AppRouter>['pipelines']['importForeign'];
type Entry = ForeignReport['report'][number];

const OUTCOMES = {
  converted: { key: 'converted', tone: 'clear' },
  'converted with changes': { key: 'changed', tone: 'caution' },
  'no equivalent': { key: 'lost', tone: 'danger' },
} as const satisfies Record<Entry['outcome'], { key: string; tone: Tone }>;

interface ImportReportProps {
  readonly report: ForeignReport;
  readonly onTake: (draft: Draft) => void;
  readonly onBack: () => void;
}

/** What becomes of every part of another product's pipeline, before anything is taken. */
export function ImportReport({ report, onTake, onBack }: ImportReportProps) {
  const t = useTranslations('editor.import');
  const draft = asDraft(report.definition);
  return (
    <DialogContent
      title={t('reportTitle', { name: report.definition.name })}
      description={t('reportText')}
      className="sm:w-[min(48rem,94vw)]"
      footer={
        <>
          <Button onClick={onBack}>{t('back')}</Button>
          <Button variant="primary" disabled={draft === null} onClick={() => draft && onTake(draft)}>
            {t('do')}
          </Button>
        </>
      }
    >
      <ul className="divide-y rounded-md border">
        {report.report.map((entry) => (
          <li key={`${entry.part} ${entry.ref}`} className="flex flex-col gap-1 px-3 py-2">
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone={OUTCOMES[entry.outcome].tone}>
                {t(`outcomes.${OUTCOMES[entry.outcome].key}`)}
              </Badge>
              <span className="font-medium text-sm">{entry.name || entry.ref}</span>
              <span className="text-muted text-xs">
                {t(`parts.${entry.part}`)} · <code className="font-mono">{entry.type}</code>
              </span>
            </span>
            {entry.notes.length > 0 ? (
              <ul className="flex flex-col gap-0.5 pl-4 text-muted text-xs">
                {entry.notes.map((note) => (
                  <li key={`${note.path} ${note.text}`}>
                    <span className={note.level === 'lost' ? 'font-medium text-danger-ink' : 'font-medium'}>
                      {t(`levels.${note.level}`)}
                    </span>
                    {' · '}
                    {note.path ? <code className="font-mono">{note.path}: </code> : null}
                    {note.text}
                  </li>
                ))}
              </ul>
            ) : null}
          </li>
        ))}
      </ul>
    </DialogContent>
  );
}
