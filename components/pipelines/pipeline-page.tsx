'use client';

import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { entriesOf } from '@/components/executions/execution.view';
import { ExecutionsPanel } from '@/components/executions/executions-panel';
import { buildTree } from '@/components/graph/stage-tree.view';
import { useGraphLayout } from '@/components/graph/use-graph-layout';
import { useMay } from '@/components/nav/use-me';
import { HistoryPanel } from '@/components/pipelines/history-panel';
import { asStages, editorPath } from '@/components/pipelines/pipeline.view';
import { RemoveButton } from '@/components/pipelines/remove-button';
import { RunButton } from '@/components/pipelines/run-button';
import { TriggersPanel } from '@/components/pipelines/triggers-panel';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';
import { RelativeTime } from '@/components/ui/time';
import type { PipelineView } from '@/server/domain/views/admin';

const ExecutionGraph = dynamic(
  () => import('@/components/graph/execution-graph').then((m) => m.ExecutionGraph),
  {
    ssr: false,
    loading: () => <Skeleton className="size-full rounded-none" />,
  },
);

const TABS = ['graph', 'executions', 'triggers', 'definition', 'history'] as const;
const TAB_NAMES = {
  graph: 'graph',
  executions: 'executions',
  triggers: 'triggers.tab',
  definition: 'definition',
  history: 'history.tab',
} as const satisfies Record<(typeof TABS)[number], string>;
const STATE = { tab: parseAsStringLiteral(TABS).withDefault('graph'), stage: parseAsString };

interface PipelinePageProps {
  readonly application: string;
  readonly name: string;
}

/** One pipeline: its graph, its executions, and itself as code. */
export function PipelinePage({ application, name }: PipelinePageProps) {
  const t = useTranslations('pipelines');
  const trpc = useTRPC();
  const [{ tab }, setState] = useQueryStates(STATE);
  const query = useQuery(trpc.pipelines.get.queryOptions({ application, name }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) {
    return (
      <ErrorState
        title={t('notFound')}
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  const pipeline = query.data;
  return (
    <>
      <Header pipeline={pipeline} />
      <Tabs
        value={tab}
        onValueChange={(next) => void setState({ tab: TABS.find((each) => each === next) ?? null })}
      >
        <TabsList>
          {TABS.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(TAB_NAMES[each])}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="graph">
          <DefinitionGraph pipeline={pipeline} />
        </TabsContent>
        <TabsContent value="executions">
          <ExecutionsPanel application={application} pipeline={name} />
        </TabsContent>
        <TabsContent value="triggers">
          <TriggersPanel application={application} pipeline={name} />
        </TabsContent>
        <TabsContent value="definition">
          <DefinitionCode pipeline={pipeline} />
        </TabsContent>
        <TabsContent value="history">
          <HistoryPanel application={application} pipeline={name} />
        </TabsContent>
      </Tabs>
    </>
  );
}

function Header({ pipeline }: { pipeline: PipelineView }) {
  const t = useTranslations('pipelines');
  const mayWrite = useMay('pipeline.write');
  return (
    <PageHeader
      title={pipeline.name}
      description={pipeline.definition.description}
      aside={
        <>
          <Badge>{t('revision', { revision: pipeline.revision })}</Badge>
          <span className="text-muted text-sm">
            {t.rich('updated', {
              by: pipeline.updatedBy,
              time: () => <RelativeTime at={pipeline.updatedAt} />,
            })}
          </span>
        </>
      }
      actions={
        <>
          <Button asChild>
            <Link href={editorPath(pipeline.application, pipeline.name)}>
              <Pencil aria-hidden />
              {t(mayWrite ? 'edit' : 'lookInEditor')}
            </Link>
          </Button>
          <RunButton pipeline={pipeline} />
          {mayWrite ? <RemoveButton pipeline={pipeline} /> : null}
        </>
      }
    />
  );
}

const NOTHING_OPEN: ReadonlySet<string> = new Set();

function DefinitionGraph({ pipeline }: { pipeline: PipelineView }) {
  const t = useTranslations('pipelines');
  const [{ stage: chosen }, setState] = useQueryStates(STATE);
  const tree = useMemo(() => buildTree(asStages(pipeline.definition)), [pipeline.definition]);
  const branches = useMemo(() => new Map(tree.map((branch) => [branch.stage.refId, branch])), [tree]);
  const { layout, failed } = useGraphLayout(tree, NOTHING_OPEN);
  const onSelect = useCallback((refId: string) => void setState({ stage: refId }), [setState]);
  const onToggle = useCallback(() => undefined, []);
  const selected = chosen !== null && branches.has(chosen) ? chosen : (tree[0]?.stage.refId ?? null);
  const stage = pipeline.definition.stages.find((each) => each.refId === selected);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <Card
        className="overflow-hidden bg-canvas"
        style={{ height: Math.min(Math.max((layout?.height ?? 0) + 72, 220), 620) }}
      >
        {failed ? <DefinitionCode pipeline={pipeline} /> : null}
        {layout ? (
          <ExecutionGraph
            layout={layout}
            branches={branches}
            open={NOTHING_OPEN}
            selected={selected}
            asDefinition
            onSelect={onSelect}
            onToggle={onToggle}
          />
        ) : null}
      </Card>
      {stage ? (
        <Card className="p-4" aria-label={stage.name}>
          <h2 className="font-semibold text-base">{stage.name}</h2>
          <code className="font-mono text-muted text-xs">{stage.type}</code>
          <h3 className="mt-4 mb-1.5 font-semibold text-muted text-xs">{t('config')}</h3>
          <dl className="divide-y rounded-md border text-xs">
            {entriesOf(stage.config).map(({ key, text }) => (
              <div key={key} className="flex gap-3 px-3 py-2">
                <dt className="w-28 shrink-0 truncate text-muted">{key}</dt>
                <dd className="min-w-0 flex-1 whitespace-pre-wrap break-words font-mono">{text}</dd>
              </div>
            ))}
          </dl>
        </Card>
      ) : null}
    </div>
  );
}

function DefinitionCode({ pipeline }: { pipeline: PipelineView }) {
  const t = useTranslations('pipelines');
  const code = JSON.stringify(pipeline.definition, null, 2);
  return (
    <Card className="overflow-hidden">
      <div className="flex items-center justify-between gap-3 border-b px-4 py-1.5">
        <p className="text-muted text-sm">{t('definitionHint')}</p>
        <CopyButton value={code} />
      </div>
      <pre tabIndex={0} className="scroll-slim max-h-[70dvh] overflow-auto p-4 font-mono text-xs leading-5">
        {code}
      </pre>
    </Card>
  );
}

function PageSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-9 w-80" />
      <Skeleton className="h-64" />
    </div>
  );
}
