'use client';

import { Play } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { comparableText } from '@/components/canary/workbench/config.view';
import { RecordButton } from '@/components/canary/workbench/record-button';
import { TryResults } from '@/components/canary/workbench/try-results';
import { TrySides } from '@/components/canary/workbench/try-sides';
import { TryWindow } from '@/components/canary/workbench/try-window';
import { useTry, windowOf } from '@/components/canary/workbench/use-try';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { FormContext } from '@/components/editor/form/form-context';
import { Card, CardBody, CardHeader, CardTitle } from '@/components/ui/card';
import { ErrorLine } from '@/components/ui/error-line';
import { MutationButton } from '@/components/ui/mutation-button';
import { Skeleton } from '@/components/ui/skeleton';
import { useNow } from '@/components/ui/use-now';

/** How often a window is held against the clock. */
const MINUTE_MS = 60_000;

interface TryPanelProps {
  /** Asking a source costs it something: only who may write configurations may try them. */
  readonly may: boolean;
  /** Null when nothing is to be saved; else why a look cannot be kept. */
  readonly notSaved: string | null;
  readonly onEdit: (metric: string) => void;
}

/** Runs the queries of a configuration over a past window before anything depends on it. */
export function TryPanel({ may, notSaved, onEdit }: TryPanelProps) {
  const t = useTranslations('workbench.try');
  const { config, source } = useWorkbench();
  const form = useMemo(() => ({ issues: [], readOnly: !may, expressions: false }), [may]);
  const attempt = useTry();
  const { sides, choice, scopes, tried, preview } = attempt;
  const given = windowOf(choice, useNow(MINUTE_MS));
  const problem = typeof given === 'string' ? t(`windowProblems.${given}`) : null;
  const isOld = useMemo(
    () => tried !== null && comparableText(tried.config) !== comparableText(config),
    [tried, config],
  );
  const why = !may
    ? t('notAllowed')
    : source === ''
      ? t('noSource')
      : config.metrics.length === 0
        ? t('noMetrics')
        : scopes === null
          ? t('noSides')
          : problem;
  return (
    <Card aria-label={t('title')} className="overflow-hidden">
      <CardHeader>
        <div className="min-w-0">
          <CardTitle>{t('title')}</CardTitle>
          <p className="text-muted text-sm">{t('description')}</p>
        </div>
      </CardHeader>
      <CardBody className="flex flex-col gap-4 border-b">
        <FormContext value={form}>
          <TrySides sides={sides} suggestions={attempt.suggestions} onChange={attempt.setSides} />
          <TryWindow choice={choice} problem={problem} onChange={attempt.setChoice} />
        </FormContext>
        <div className="flex flex-wrap items-center gap-2">
          <MutationButton
            variant="primary"
            pending={preview.isPending}
            pendingLabel={t('running')}
            disabled={why !== null}
            onClick={() => {
              const window = windowOf(choice, Date.now());
              if (typeof window !== 'string') attempt.run(window);
            }}
          >
            <Play aria-hidden />
            {t('run')}
          </MutationButton>
          <RecordButton scopes={scopes} choice={choice} blocked={notSaved ?? why} />
        </div>
        {why && why !== problem ? <p className="text-muted text-sm">{why}</p> : null}
        <ErrorLine error={preview.error} />
      </CardBody>
      <div aria-live="polite" aria-busy={preview.isPending}>
        {preview.isPending ? (
          <div className="flex flex-col gap-3 p-4">
            <Skeleton className="h-6 w-64 max-w-full" />
            <Skeleton className="h-48" />
          </div>
        ) : preview.data && tried ? (
          <TryResults
            // Which are open belongs to one answer.
            key={preview.data.judgedAt}
            look={preview.data}
            tried={tried}
            isOld={isOld}
            onEdit={onEdit}
          />
        ) : (
          <p className="px-4 py-6 text-center text-muted text-sm">{t('nothingYet')}</p>
        )}
      </div>
    </Card>
  );
}
