'use client';

import { Rocket, RotateCcw, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { UnseenMark } from '@/components/clusters/account-freshness';
import { Address } from '@/components/clusters/address';
import { ChangeMark } from '@/components/clusters/change-mark';
import type { Selection } from '@/components/clusters/clusters.view';
import { isByInstances, isServerless, ownerOf, placeId } from '@/components/clusters/federation.view';
import { ManagedMark } from '@/components/clusters/managed-mark';
import { PinMark } from '@/components/clusters/pin-dialog';
import { ServerGroupHead, ServerGroupRow } from '@/components/clusters/server-group-row';
import { TrafficBar } from '@/components/clusters/traffic-bar';
import { useActions } from '@/components/nav/actions';
import { useMay } from '@/components/nav/use-me';
import { PlatformMark } from '@/components/status/platform-mark';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import type { LoadBalancer } from '@/server/domain/inventory';
import type { AccountFreshness, ClusterView } from '@/server/domain/views/application';

interface PlaceProps {
  readonly application: string;
  readonly place: ClusterView;
}

interface PlaceFactsProps extends PlaceProps {
  /** The account, when it cannot be seen now. */
  readonly unseen: AccountFreshness | null;
}

/** Whose the cluster is in one account, and what holds it there. */
export function PlaceFacts({ application, place, unseen }: PlaceFactsProps) {
  const t = useTranslations('clusters');
  const { environment, account, name, pin, change, platform } = place;
  const owner = ownerOf(place);
  return (
    <>
      {environment !== null ? (
        <Badge>{environment}</Badge>
      ) : owner ? (
        <ManagedMark owner={owner} />
      ) : (
        <span className="text-muted text-xs">{t('noEnvironment')}</span>
      )}
      <PlatformMark platform={platform} />
      {unseen === null ? (
        <span className="text-muted text-xs">{account}</span>
      ) : (
        <UnseenMark account={account} why={unseen} />
      )}
      {change ? <ChangeMark change={change} /> : null}
      {pin ? <PinMark application={application} cluster={name} account={account} pin={pin} /> : null}
    </>
  );
}

/** The two verbs, where there is something of ours that they could change. */
export function PlaceActions({ application, place }: PlaceProps) {
  const t = useTranslations('clusters');
  const actions = useActions();
  const mayDeploy = useMay('execution.start');
  const mayRollBack = useMay('cluster.rollback');
  const { environment, name, account } = place;
  if (ownerOf(place)) return null;
  return (
    <span className="ml-auto flex gap-2">
      {mayDeploy && environment !== null ? (
        <Button size="sm" onClick={() => actions.deploy(application, environment)}>
          <Rocket aria-hidden />
          {t('deploy')}
        </Button>
      ) : null}
      {mayRollBack ? (
        <Button
          size="sm"
          variant="dangerOutline"
          onClick={() => actions.rollBack(application, name, account)}
        >
          <RotateCcw aria-hidden />
          {t('rollBack')}
        </Button>
      ) : null}
    </span>
  );
}

interface RegionsProps {
  readonly place: ClusterView;
  /** Its account cannot be seen now. */
  readonly unseen: boolean;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
  /** Whether the columns are named; once in a card is enough. */
  readonly headed: boolean;
  /** Whether the account must be named for regions to be told apart. */
  readonly federated: boolean;
}

/** The regions of one account: traffic, addresses, server groups. */
export function PlaceRegions({ place, unseen, selection, onSelect, headed, federated }: RegionsProps) {
  const { name, account, regions } = place;
  const owner = ownerOf(place);
  return regions.map(({ region, loadBalancers, serverGroups }, index) => (
    <section
      key={region}
      id={placeId(name, account, region)}
      aria-label={federated ? `${name} · ${account} · ${region}` : `${name} · ${region}`}
      className={cn('scroll-mt-16', index > 0 && 'border-t-4 border-t-canvas')}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
        {/* Alone on its line where a longer name would push the bar away from under a shorter one. */}
        <h3 className="wrap-anywhere min-w-10 font-semibold text-sm @max-[30rem]:w-full">
          {federated ? <span className="font-normal text-muted">{account} · </span> : null}
          {region}
        </h3>
        <div className="min-w-0 flex-1 basis-64">
          <TrafficBar
            region={region}
            groups={serverGroups}
            byInstances={isByInstances(loadBalancers)}
            unseen={unseen}
          />
        </div>
        <Addresses loadBalancers={loadBalancers} />
      </div>
      {loadBalancers.map(({ name: balancer, problem }) =>
        problem === undefined ? null : <BalancerProblem key={balancer} problem={problem} />,
      )}
      {serverGroups.length === 0 ? (
        <NothingRuns />
      ) : (
        <>
          {headed && index === 0 ? <ServerGroupHead serverless={isServerless(place)} /> : null}
          <ul className="border-t">
            {serverGroups.map((group) => (
              <ServerGroupRow
                key={group.name}
                group={group}
                siblings={serverGroups}
                owner={owner}
                unseen={unseen}
                selection={selection}
                onSelect={onSelect}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  ));
}

/** Why no requests come by a load balancer, in the platform's words. */
function BalancerProblem({ problem }: { readonly problem: string }) {
  const t = useTranslations('clusters');
  return (
    <p role="alert" className="flex max-w-2xl gap-2 px-4 pb-2.5 text-danger-ink text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {t('lbProblem', { problem })}
    </p>
  );
}

function Addresses({ loadBalancers }: { loadBalancers: readonly LoadBalancer[] }) {
  return loadBalancers.map(({ name, url }) => (url === null ? null : <Address key={name} url={url} />));
}

function NothingRuns() {
  const t = useTranslations('clusters');
  return <p className="px-4 pb-3 text-muted text-sm">{t('regionEmpty')}</p>;
}
