'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import { ExecutionsFilters } from '@/components/executions/executions-filters';
import { ExecutionsTable } from '@/components/executions/executions-table';
import { useTRPC } from '@/components/trpc/trpc';
import { Card } from '@/components/ui/card';

interface ExecutionsPanelProps {
  /** Absent: across all applications. */
  readonly application?: string;
  readonly pipeline?: string;
}

const FILTERS = { app: parseAsString, env: parseAsString, open: parseAsBoolean.withDefault(false) };

/** The history of an application, of one pipeline, or of everything; filters live in the URL. */
export function ExecutionsPanel({ application, pipeline }: ExecutionsPanelProps) {
  const t = useTranslations('executions');
  const trpc = useTRPC();
  const [chosen, setChosen] = useQueryStates(FILTERS);
  const applications = useQuery(
    trpc.applications.list.queryOptions({}, { enabled: application === undefined }),
  );
  const shown = application ?? chosen.app ?? undefined;
  const details = useQuery(
    trpc.applications.get.queryOptions({ application: shown ?? '' }, { enabled: shown !== undefined }),
  );
  const filtered = chosen.env !== null || chosen.open || (application === undefined && chosen.app !== null);
  return (
    <Card aria-label={t('title')} className="overflow-hidden">
      <ExecutionsFilters
        applications={application === undefined ? (applications.data?.map((each) => each.name) ?? []) : null}
        environments={details.data?.environments.map((each) => each.name) ?? []}
        chosen={chosen}
        onChange={(next) => void setChosen(next)}
      />
      <ExecutionsTable
        filter={{
          application: shown,
          pipeline,
          environment: chosen.env ?? undefined,
          open: chosen.open || undefined,
        }}
        onClear={filtered ? () => void setChosen({ app: null, env: null, open: null }) : undefined}
      />
    </Card>
  );
}
