'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { asDraft } from '@/components/editor/draft.view';
import { Editor } from '@/components/editor/editor';
import { EditorSkeleton } from '@/components/editor/editor-skeleton';
import { useMe } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { ErrorState } from '@/components/ui/states';

/** Edits a pipeline that exists, beginning with what is saved, or with an earlier revision of it. */
export function EditorPage({ application, name }: { application: string; name: string }) {
  const t = useTranslations('editor');
  const trpc = useTRPC();
  const [from, setFrom] = useQueryState('revision', parseAsInteger);
  const pipeline = useQuery(trpc.pipelines.get.queryOptions({ application, name }));
  const catalogue = useQuery(trpc.catalogue.list.queryOptions({}));
  const revisions = useQuery(
    trpc.pipelines.revisions.queryOptions({ application, name }, { enabled: from !== null }),
  );
  const me = useMe().data;
  const failed = [pipeline, catalogue, revisions].find((query) => query.isError);
  if (failed) {
    return <ErrorState title={t('unreadable')} error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (!pipeline.data || !catalogue.data || !me || (from !== null && !revisions.data))
    return <EditorSkeleton />;
  const earlier = revisions.data?.find(({ revision }) => revision === from);
  const start = asDraft(earlier?.definition ?? pipeline.data.definition);
  if (!start) return <ErrorState title={t('unreadable')} error={null} />;
  return (
    <Editor
      application={application}
      catalogue={catalogue.data}
      saved={pipeline.data}
      start={start}
      mayWrite={me.permissions.includes('pipeline.write')}
      onSaved={() => void setFrom(null)}
    />
  );
}
