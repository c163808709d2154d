'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { draftText } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { placeIn, scanJson } from '@/components/editor/json-places.view';
import type { EditorText } from '@/components/editor/use-text';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/skeleton';

const JsonEditor = dynamic(() => import('@/components/editor/json-editor').then((m) => m.JsonEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-none" />,
});

interface JsonTabProps {
  readonly text: EditorText;
  readonly mayWrite: boolean;
}

/** The pipeline as code. What is typed here changes the forms and the graph at once, and the other way round. */
export function JsonTab({ text: { typed, broken, onType }, mayWrite }: JsonTabProps) {
  const t = useTranslations('editor');
  const { draft, issues } = useEditor();
  const own = useMemo(() => draftText(draft), [draft]);
  const text = broken?.text ?? typed ?? own;
  const marks = useMemo(() => {
    if (broken) return broken.problems.map((one) => ({ ...one, message: one.message ?? t('notJson') }));
    const scan = scanJson(text);
    return scan.ok ? issues.map(({ path, message }) => ({ ...placeIn(scan.places, path), message })) : [];
  }, [broken, text, issues, t]);
  return (
    <Card className="overflow-hidden">
      <div className="flex items-center justify-between gap-3 border-b px-4 py-1.5">
        <p className="text-muted text-sm">{t('jsonHint')}</p>
        <CopyButton value={text} />
      </div>
      <JsonEditor label={t('jsonLabel')} text={text} marks={marks} readOnly={!mayWrite} onChange={onType} />
    </Card>
  );
}
