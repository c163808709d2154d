'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { optionRows } from '@/components/settings/settings.view';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Panel } from '@/components/ui/panel';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { ErrorState } from '@/components/ui/states';
import type { Catalogue } from '@/server/domain/views/admin';

/** What this installation can do, as its plug-ins say of themselves. */
export function CataloguePanel() {
  const t = useTranslations('settings.catalogue');
  const trpc = useTRPC();
  const query = useQuery(trpc.catalogue.list.queryOptions({}));
  if (query.isPending) {
    return (
      <Panel title={t('title')} description={t('description')}>
        <RowsSkeleton />
      </Panel>
    );
  }
  if (query.isError) {
    return (
      <ErrorState
        title={t('failed')}
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  return <Parts catalogue={query.data} />;
}

const CAPABILITIES = ['weightedTraffic', 'instances', 'mirroring', 'firewalls', 'bake', 'jobs'] as const;

function Parts({ catalogue }: { catalogue: Catalogue }) {
  const t = useTranslations('settings.catalogue');
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted text-sm">{t('description')}</p>
      <Panel title={t('providers')}>
        <ul className="divide-y">
          {catalogue.providers.map((provider) => (
            <Entry key={provider.kind} kind={provider.kind} label={provider.label}>
              <Capabilities capabilities={provider.capabilities} />
            </Entry>
          ))}
        </ul>
      </Panel>
      <Kinds
        title={t('strategies')}
        kinds={catalogue.strategies.map(({ kind, label, optionsSchema }) => ({
          kind,
          label,
          schema: optionsSchema,
        }))}
      />
      <Panel title={t('stages')}>
        <ul className="divide-y">
          {catalogue.stages.map((stage) => (
            <Entry
              key={stage.type}
              kind={stage.type}
              label={stage.label}
              aside={
                <Badge tone={stage.authorable ? 'accent' : 'neutral'}>
                  {t(stage.authorable ? 'authorable' : 'internal')}
                </Badge>
              }
            >
              <Options schema={stage.configSchema} />
            </Entry>
          ))}
        </ul>
      </Panel>
      <Kinds
        title={t('triggers')}
        kinds={catalogue.triggers.map(({ type, label, configSchema }) => ({
          kind: type,
          label,
          schema: configSchema,
        }))}
      />
      <Kinds
        title={t('metricsSources')}
        kinds={catalogue.metricsSources.map(({ kind, label, configSchema }) => ({
          kind,
          label,
          schema: configSchema,
        }))}
      />
      <Panel title={t('judges')}>
        <ul className="divide-y">
          {catalogue.judges.map((judge) => (
            <Entry key={judge.name} kind={judge.name} label={judge.label}>
              <p className="text-muted text-sm">
                {judge.aliases.length > 0 ? t('alsoCalled', { names: judge.aliases.join(', ') }) : null}
              </p>
            </Entry>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Capabilities({ capabilities }: Pick<Catalogue['providers'][number], 'capabilities'>) {
  const t = useTranslations('settings.catalogue');
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {CAPABILITIES.map((name) => {
        const can = capabilities[name] === true;
        const word = t(`capability.${name}`);
        return (
          <li
            key={name}
            className={
              can ? 'inline-flex items-center gap-1.5' : 'inline-flex items-center gap-1.5 text-muted'
            }
          >
            <Shape name={can ? 'check' : 'dash'} tone={can ? 'clear' : 'off'} />
            <span className="sr-only">{t(can ? 'can' : 'cannot', { name: word })}</span>
            <span aria-hidden>{word}</span>
          </li>
        );
      })}
    </ul>
  );
}

interface KindsProps {
  readonly title: string;
  readonly kinds: readonly { readonly kind: string; readonly label: string; readonly schema: unknown }[];
}

function Kinds({ title, kinds }: KindsProps) {
  return (
    <Panel title={title}>
      <ul className="divide-y">
        {kinds.map(({ kind, label, schema }) => (
          <Entry key={kind} kind={kind} label={label}>
            <Options schema={schema} />
          </Entry>
        ))}
      </ul>
    </Panel>
  );
}

interface EntryProps {
  readonly kind: string;
  readonly label: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

function Entry({ kind, label, aside, children }: EntryProps) {
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 md:grid-cols-[15rem_minmax(0,1fr)]">
      <div className="min-w-0">
        <p className="font-medium">{label}</p>
        <p className="mt-0.5 flex flex-wrap items-center gap-2">
          <code className="font-mono text-muted text-xs">{kind}</code>
          {aside}
        </p>
      </div>
      {children}
    </li>
  );
}

function Options({ schema }: { schema: unknown }) {
  const t = useTranslations('settings.catalogue');
  const rows = optionRows(schema);
  if (rows.length === 0) return <p className="text-muted text-sm">{t('noOptions')}</p>;
  return (
    <dl className="grid gap-y-1 text-xs">
      {rows.map((row) => (
        <div key={row.name} className="grid grid-cols-[minmax(8rem,12rem)_minmax(0,1fr)] gap-x-3">
          <dt className="break-words font-mono">{row.name}</dt>
          <dd className="flex flex-wrap gap-x-2 text-muted">
            <span className="font-mono">{row.type}</span>
            {row.required ? <span className="font-medium text-ink">{t('required')}</span> : null}
            {row.standard ? (
              <span>
                {t('default')} <code className="font-mono">{row.standard}</code>
              </span>
            ) : null}
            {row.description ? <span className="w-full">{row.description}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
