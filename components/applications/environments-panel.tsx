'use client';

import { Layers, Rocket, ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { useActions } from '@/components/nav/actions';
import { useMay } from '@/components/nav/use-me';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import type { ApplicationView, EnvironmentView } from '@/server/domain/views/application';

/** What binds an application to places: account, regions, capacity, configuration, pipeline. */
export function EnvironmentsPanel({ application }: { application: ApplicationView }) {
  const t = useTranslations('applications');
  const mayDeploy = useMay('execution.start');
  if (application.environments.length === 0) {
    return (
      <EmptyState icon={<Layers />} title={t('noEnvironmentsTitle')} className="rounded-lg border bg-surface">
        {t('noEnvironmentsText')}
      </EmptyState>
    );
  }
  return (
    <Card>
      <Table label={t('tabEnvironments')}>
        <TableHead>
          <TableRow>
            <TableHeader>{t('environment')}</TableHeader>
            <TableHeader>{t('place')}</TableHeader>
            <TableHeader>{t('cluster')}</TableHeader>
            <TableHeader>{t('artifact')}</TableHeader>
            <TableHeader>{t('pipeline')}</TableHeader>
            <TableHeader>{t('capacity')}</TableHeader>
            <TableHeader>{t('config')}</TableHeader>
            {mayDeploy ? (
              <TableHeader>
                <span className="sr-only">{t('deploy')}</span>
              </TableHeader>
            ) : null}
          </TableRow>
        </TableHead>
        <TableBody>
          {application.environments.map((environment) => (
            <EnvironmentRow
              key={environment.name}
              application={application.name}
              environment={environment}
              mayDeploy={mayDeploy}
            />
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

interface EnvironmentRowProps {
  readonly application: string;
  readonly environment: EnvironmentView;
  readonly mayDeploy: boolean;
}

function EnvironmentRow({ application, environment, mayDeploy }: EnvironmentRowProps) {
  const t = useTranslations('applications');
  const actions = useActions();
  const { name, account, provider, serverless, regions, capacity, configKeys, pipeline } = environment;
  const { min, desired, max } = capacity;
  return (
    <TableRow>
      <TableCell>
        <span className="flex items-center gap-2 font-semibold">
          {name}
          {environment.guarded ? (
            <Badge title={t('guardedHint')}>
              <ShieldCheck aria-hidden className="size-3" />
              {t('guarded')}
            </Badge>
          ) : null}
        </span>
      </TableCell>
      <TableCell className="whitespace-nowrap">
        {account} {provider === account ? null : <span className="text-muted text-xs">({provider})</span>} ·{' '}
        {regions.join(', ')}
      </TableCell>
      <TableCell className="font-mono text-xs">{environment.cluster}</TableCell>
      <TableCell className="font-mono text-xs">{environment.artifact}</TableCell>
      <TableCell>
        <Link
          href={`/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(pipeline)}`}
          className="rounded-sm text-accent-ink hover:underline"
        >
          {pipeline}
        </Link>
      </TableCell>
      <TableCell className="whitespace-nowrap">
        {serverless ? '–' : t('capacityText', { desired, min, max })}
      </TableCell>
      <TableCell title={configKeys.join('\n')} className="whitespace-nowrap">
        {t('configCount', { count: configKeys.length })}
      </TableCell>
      {mayDeploy ? (
        <TableCell className="text-right">
          <Button size="sm" onClick={() => actions.deploy(application, name)}>
            <Rocket aria-hidden />
            {t('deploy')}
          </Button>
        </TableCell>
      ) : null}
    </TableRow>
  );
}
