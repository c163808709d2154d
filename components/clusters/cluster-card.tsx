'use client';

import { ExternalLink, Rocket, RotateCcw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Selection } from '@/components/clusters/clusters.view';
import { PinMark } from '@/components/clusters/pin-dialog';
import { ServerGroupHead, ServerGroupRow } from '@/components/clusters/server-group-row';
import { TrafficBar } from '@/components/clusters/traffic-bar';
import { useActions } from '@/components/nav/actions';
import { useMay } from '@/components/nav/use-me';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import type { LoadBalancer } from '@/server/domain/inventory';
import type { ClusterView } from '@/server/domain/views/application';

interface ClusterCardProps {
  readonly application: string;
  readonly cluster: ClusterView;
  /** Whether the address asked for this one: it is scrolled to and marked. */
  readonly wanted: boolean;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
}

/** A cluster: regions, traffic, server groups, and the two verbs. */
export function ClusterCard({ application, cluster, wanted, selection, onSelect }: ClusterCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (wanted) card.current?.scrollIntoView({ block: 'nearest' });
  }, [wanted]);
  return (
    <Card
      ref={card}
      aria-label={cluster.name}
      className={cn('@container scroll-mt-16 overflow-hidden', wanted && 'border-accent')}
    >
      <CardHeader>
        <CardTitle className="min-w-0 truncate font-mono" title={cluster.name}>
          {cluster.name}
        </CardTitle>
        <ClusterFacts application={application} cluster={cluster} />
        <ClusterActions application={application} cluster={cluster} />
      </CardHeader>
      {cluster.regions.map(({ region, loadBalancers, serverGroups }, index) => (
        <section
          key={region}
          aria-label={`${cluster.name} · ${region}`}
          className={cn(index > 0 && 'border-t-4 border-t-canvas')}
        >
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
            <h3 className="min-w-10 font-semibold text-sm">{region}</h3>
            <div className="min-w-0 flex-1 basis-64">
              <TrafficBar region={region} groups={serverGroups} />
            </div>
            <Addresses loadBalancers={loadBalancers} />
          </div>
          {serverGroups.length === 0 ? (
            <NothingRuns />
          ) : (
            <>
              {index === 0 ? <ServerGroupHead /> : null}
              <ul className="border-t">
                {serverGroups.map((group) => (
                  <ServerGroupRow
                    key={group.name}
                    group={group}
                    siblings={serverGroups}
                    selection={selection}
                    onSelect={onSelect}
                  />
                ))}
              </ul>
            </>
          )}
        </section>
      ))}
    </Card>
  );
}

function ClusterFacts({ application, cluster }: { application: string; cluster: ClusterView }) {
  const t = useTranslations('clusters');
  const { environment, account, name, pin } = cluster;
  return (
    <>
      {environment === null ? (
        <span className="text-muted text-xs">{t('noEnvironment')}</span>
      ) : (
        <Badge>{environment}</Badge>
      )}
      <span className="text-muted text-xs">{account}</span>
      {pin ? <PinMark application={application} cluster={name} pin={pin} /> : null}
    </>
  );
}

function ClusterActions({ application, cluster }: { application: string; cluster: ClusterView }) {
  const t = useTranslations('clusters');
  const actions = useActions();
  const mayDeploy = useMay('execution.start');
  const mayRollBack = useMay('cluster.rollback');
  const { environment, name } = cluster;
  return (
    <span className="ml-auto flex gap-2">
      {mayDeploy && environment !== null ? (
        <Button size="sm" onClick={() => actions.deploy(application, environment)}>
          <Rocket aria-hidden />
          {t('deploy')}
        </Button>
      ) : null}
      {mayRollBack ? (
        <Button size="sm" variant="dangerOutline" onClick={() => actions.rollBack(application, name)}>
          <RotateCcw aria-hidden />
          {t('rollBack')}
        </Button>
      ) : null}
    </span>
  );
}

function Addresses({ loadBalancers }: { loadBalancers: readonly LoadBalancer[] }) {
  const t = useTranslations('clusters');
  return loadBalancers.map(({ name, url }) =>
    url === null ? null : (
      <a
        key={name}
        href={url}
        target="_blank"
        rel="noreferrer"
        aria-label={t('open', { url })}
        className="inline-flex min-w-0 items-center gap-1 rounded-sm font-mono text-accent-ink text-xs hover:underline"
      >
        <span className="truncate">{url.replace(/^https?:\/\//, '')}</span>
        <ExternalLink aria-hidden className="size-3 shrink-0" />
      </a>
    ),
  );
}

function NothingRuns() {
  const t = useTranslations('clusters');
  return <p className="px-4 pb-3 text-muted text-sm">{t('regionEmpty')}</p>;
}
