'use client';

import { Layers, Rocket, ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { useActions } from '@/components/nav/actions';
import { useMay } from '@/components/nav/use-me';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CardActions, CardCell, CardHeadCell, CardRow, CardTable } from '@/components/ui/card-table';
import { EmptyState } from '@/components/ui/states';
import type { ApplicationView, EnvironmentView } from '@/server/domain/views/application';

const COLUMNS = [
  'environment',
  'place',
  'cluster',
  'artifact',
  'pipeline',
  'capacity',
  'config',
  'actions',
] as const;

/** What has a length of its own gets it; names share the rest. */
const WIDTHS: Readonly<Record<(typeof COLUMNS)[number], string>> = {
  environment: '',
  place: 'w-[16%]',
  cluster: 'w-[15%]',
  artifact: 'w-[9%]',
  pipeline: 'w-[15%]',
  capacity: 'w-20',
  config: 'w-28',
  actions: 'w-28',
};

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
  const columns = COLUMNS.filter((column) => column !== 'actions' || mayDeploy);
  return (
    <Card className="overflow-hidden">
      <CardTable
        label={t('tabEnvironments')}
        columns={columns}
        widths={WIDTHS}
        heading={(column) =>
          column === 'actions' ? <span className="sr-only">{t('deploy')}</span> : t(column)
        }
      >
        {application.environments.map((environment) => (
          <EnvironmentRow
            key={environment.name}
            application={application.name}
            environment={environment}
            mayDeploy={mayDeploy}
          />
        ))}
      </CardTable>
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
    <CardRow>
      <CardHeadCell>
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          <Whole text={name} />
          {environment.guarded ? (
            <Badge title={t('guardedHint')} className="shrink-0">
              <ShieldCheck aria-hidden className="size-3" />
              {t('guarded')}
            </Badge>
          ) : null}
        </span>
      </CardHeadCell>
      <CardCell label={t('place')}>
        <Whole text={provider === account ? account : `${account} (${provider})`} />
        <span className="wrap-anywhere block text-muted text-xs">{regions.join(', ')}</span>
      </CardCell>
      <CardCell label={t('cluster')} className="font-mono text-xs">
        <Whole text={environment.cluster} />
      </CardCell>
      <CardCell label={t('artifact')} className="font-mono text-xs">
        <Whole text={environment.artifact} />
      </CardCell>
      <CardCell label={t('pipeline')}>
        <Link
          href={`/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(pipeline)}`}
          className="block rounded-sm text-accent-ink hover:underline"
        >
          <Whole text={pipeline} />
        </Link>
      </CardCell>
      <CardCell label={t('capacity')} className="whitespace-nowrap">
        {serverless ? '–' : t('capacityText', { desired, min, max })}
      </CardCell>
      <CardCell label={t('config')} className="whitespace-nowrap">
        <span title={configKeys.join('\n')}>{t('configCount', { count: configKeys.length })}</span>
      </CardCell>
      {mayDeploy ? (
        <CardActions>
          <Button size="sm" onClick={() => actions.deploy(application, name)}>
            <Rocket aria-hidden />
            {t('deploy')}
          </Button>
        </CardActions>
      ) : null}
    </CardRow>
  );
}

/** In a column it is cut and told whole under the pointer; in a card it takes the lines that it needs. */
function Whole({ text }: { readonly text: string }) {
  return (
    <span
      title={text}
      className="@max-[50rem]:wrap-anywhere @[50rem]:block min-w-0 max-w-full @[50rem]:truncate"
    >
      {text}
    </span>
  );
}
