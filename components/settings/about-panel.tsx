'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { CardBody } from '@/components/ui/card';
import { Panel } from '@/components/ui/panel';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { ErrorState } from '@/components/ui/states';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { SystemHealth } from '@/server/domain/views/admin';

const COLUMNS = ['worker', 'state', 'version', 'started', 'seen'] as const;
/** Workers give a sign of life every two seconds without an event. */
const REFRESH_MS = 3000;

/** Whether the machinery itself is well: database, workers, version. */
export function AboutPanel() {
  const t = useTranslations('settings.about');
  const trpc = useTRPC();
  const query = useQuery(trpc.system.health.queryOptions({}, { refetchInterval: REFRESH_MS }));
  return (
    <div className="flex flex-col gap-4">
      <Panel title={t('title')}>
        {query.isPending ? <RowsSkeleton /> : null}
        {query.isError ? (
          <ErrorState
            title={t('failed')}
            error={query.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : null}
        {query.data ? <Facts health={query.data} /> : null}
      </Panel>
      {query.data ? <Workers health={query.data} /> : null}
    </div>
  );
}

function Facts({ health }: { health: SystemHealth }) {
  const t = useTranslations('settings.about');
  const well = health.status === 'ok';
  const { database } = health;
  return (
    <CardBody>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <dt className="text-muted">{t('status')}</dt>
        <dd className="inline-flex items-center gap-1.5">
          <Shape name={well ? 'dot' : 'triangle'} tone={well ? 'clear' : 'caution'} />
          {t(health.status)}
        </dd>
        <dt className="text-muted">{t('version')}</dt>
        <dd className="font-mono text-xs leading-5">{health.version}</dd>
        <dt className="text-muted">{t('database')}</dt>
        <dd className="inline-flex items-center gap-1.5">
          <Shape name={database.ok ? 'dot' : 'square'} tone={database.ok ? 'clear' : 'danger'} />
          {database.ok ? t('databaseOk', { ms: database.latencyMs ?? 0 }) : t('databaseDown')}
        </dd>
      </dl>
    </CardBody>
  );
}

function Workers({ health }: { health: SystemHealth }) {
  const t = useTranslations('settings.about');
  return (
    <Panel title={t('workers')} description={t('workersHint')}>
      {health.workers.length === 0 ? (
        <p className="px-4 py-3 text-danger-ink text-sm">{t('noWorkers')}</p>
      ) : (
        <Table label={t('list')}>
          <TableHead>
            <TableRow>
              {COLUMNS.map((column) => (
                <TableHeader key={column}>{t(`columns.${column}`)}</TableHeader>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {health.workers.map((worker) => (
              <TableRow key={worker.id}>
                <TableCell>
                  <span className="font-medium">{worker.host}</span>{' '}
                  <code className="font-mono text-muted text-xs">pid {worker.pid}</code>
                </TableCell>
                <TableCell>
                  <span className="inline-flex items-center gap-1.5">
                    <Shape name={worker.alive ? 'dot' : 'question'} tone={worker.alive ? 'clear' : 'off'} />
                    {t(worker.alive ? 'alive' : 'gone')}
                  </span>
                </TableCell>
                <TableCell className="font-mono text-xs">{worker.version}</TableCell>
                <TableCell className="whitespace-nowrap text-muted">
                  <RelativeTime at={worker.startedAt} />
                </TableCell>
                <TableCell className="whitespace-nowrap text-muted">
                  <RelativeTime at={worker.seenAt} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}
