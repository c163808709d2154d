'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { asDraft, type Draft, draftText } from '@/components/editor/draft.view';
import { Skeleton } from '@/components/ui/skeleton';

const DiffView = dynamic(() => import('@/components/editor/diff-view').then((m) => m.DiffView), {
  ssr: false,
  loading: () => <Skeleton className="h-64 rounded-none" />,
});

interface DefinitionDiffProps {
  /** Null for what did not exist. */
  readonly before: unknown;
  readonly after: unknown;
  readonly beforeLabel: string;
  readonly afterLabel: string;
}

/** What differs between two definitions, as text in one and the same order of fields. */
export function DefinitionDiff({ before, after, beforeLabel, afterLabel }: DefinitionDiffProps) {
  const t = useTranslations('editor');
  const [old, next] = useMemo(() => [textOf(before), textOf(after)], [before, after]);
  if (old === next) return <p className="px-4 py-8 text-center text-muted text-sm">{t('noDifference')}</p>;
  return <DiffView {...{ beforeLabel, afterLabel }} before={old} after={next} />;
}

function textOf(definition: unknown): string {
  if (definition === null) return '';
  const draft: Draft | null = asDraft(definition);
  return draft ? draftText(sortedConfigs(draft)) : JSON.stringify(definition, null, 2);
}

/** The database keeps the fields of a configuration in an order of its own, which is no difference. */
function sortedConfigs(draft: Draft): Draft {
  return { ...draft, stages: draft.stages.map((stage) => ({ ...stage, config: sorted(stage.config) })) };
}

function sorted<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // The same fields in another order.
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)])) as Value;
}
