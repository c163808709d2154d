'use client';

import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { placeIn, scanJson } from '@/components/editor/json-places.view';
import {
  definitionOf,
  definitionText,
  type FeatureDraft,
  isSame,
  type ReadDefinition,
  readDefinition,
} from '@/components/features/draft.view';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/skeleton';
import type { ToggleDefinition } from '@/server/domain/toggles';

const JsonEditor = dynamic(() => import('@/components/editor/json-editor').then((m) => m.JsonEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-72 rounded-none" />,
});

interface DefinitionJsonProps {
  readonly definition: ToggleDefinition;
  readonly readOnly: boolean;
  readonly onRead: (draft: FeatureDraft) => void;
  /** That what was typed over this text cannot be read; null once it can. */
  readonly onUnreadable: (over: string | null) => void;
}

interface Typed {
  readonly text: string;
  readonly read: ReadDefinition;
  /** The text of the rules at that moment. */
  readonly over: string;
}

/** The same definition as JSON. What is typed here changes the rules at once, and the other way round. */
export function DefinitionJson({ definition, readOnly, onRead, onUnreadable }: DefinitionJsonProps) {
  const t = useTranslations('features.editor');
  const [typed, setTyped] = useState<Typed | null>(null);
  const own = useMemo(() => definitionText(definition), [definition]);
  // What was typed stays as it was typed until the rules say something else.
  const isKept =
    typed !== null &&
    (typed.read.draft === null ? typed.over === own : isSame(readDefinitionOf(typed.read), definition));
  const text = isKept ? typed.text : own;
  const marks = useMemo(() => (isKept ? marksOf(typed, t('notJson')) : []), [isKept, typed, t]);
  return (
    <Card aria-label={t('json')} className="min-w-0 self-start overflow-hidden">
      <div className="flex items-center justify-between gap-3 border-b px-4 py-1.5">
        <p className="text-muted text-sm">{t('jsonHint')}</p>
        <CopyButton value={text} />
      </div>
      <JsonEditor
        label={t('json')}
        text={text}
        marks={marks}
        readOnly={readOnly}
        onChange={(next) => {
          if (next === text) return;
          const read = readDefinition(next);
          setTyped({ text: next, read, over: own });
          onUnreadable(read.draft === null ? own : null);
          if (read.draft) onRead(read.draft);
        }}
      />
      {marks.length > 0 ? (
        <ul role="alert" className="border-t px-4 py-2 text-danger-ink text-sm">
          {marks.map(({ message, from }) => (
            <li key={`${from} ${message}`}>{message}</li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

function readDefinitionOf(read: ReadDefinition): ToggleDefinition | null {
  return read.draft && definitionOf(read.draft);
}

function marksOf({ text, read }: Typed, notJson: string) {
  const scan = scanJson(text);
  if (!scan.ok) return [{ from: scan.at, to: Math.min(scan.at + 1, text.length), message: notJson }];
  return (read.problems ?? []).map(({ path, message }) => ({
    ...placeIn(scan.places, path),
    message: path === '' ? message : `${path}: ${message}`,
  }));
}
