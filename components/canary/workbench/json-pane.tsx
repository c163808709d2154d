'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { configText, readConfig, type TextProblem } from '@/components/canary/workbench/config.view';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import { placeIn, scanJson } from '@/components/editor/json-places.view';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/skeleton';

const JsonEditor = dynamic(() => import('@/components/editor/json-editor').then((m) => m.JsonEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-none" />,
});

/** What was typed, as it was typed; and why it could not be read, if so. */
export interface TypedText {
  readonly text: string;
  readonly problems: readonly TextProblem[];
}

interface JsonPaneProps {
  readonly typed: TypedText | null;
  readonly mayWrite: boolean;
  readonly onType: (typed: TypedText) => void;
}

/** The configuration as Kayenta's JSON. What is typed here changes the forms at once, and the other way round. */
export function JsonPane({ typed, mayWrite, onType }: JsonPaneProps) {
  const t = useTranslations('workbench.json');
  const { config, put } = useWorkbench();
  const { issues } = useForm();
  const own = useMemo(() => configText(config), [config]);
  const text = typed?.text ?? own;
  const marks = useMemo(() => {
    if (typed && typed.problems.length > 0)
      return typed.problems.map((one) => ({ ...one, message: one.message ?? t('notJson') }));
    const scan = scanJson(text);
    return scan.ok ? issues.map(({ path, message }) => ({ ...placeIn(scan.places, path), message })) : [];
  }, [typed, text, issues, t]);
  return (
    <Card className="overflow-hidden">
      <div className="flex items-center justify-between gap-3 border-b px-4 py-1.5">
        <p className="text-muted text-sm">{t('hint')}</p>
        <CopyButton value={text} />
      </div>
      <JsonEditor
        label={t('label')}
        text={text}
        marks={marks}
        readOnly={!mayWrite}
        onChange={(next) => {
          const read = readConfig(next);
          if (read.config) put(read.config);
          onType({ text: next, problems: read.problems });
        }}
      />
    </Card>
  );
}
