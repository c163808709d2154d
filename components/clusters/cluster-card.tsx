'use client';

import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { PlaceActions, PlaceFacts, PlaceRegions } from '@/components/clusters/cluster-place';
import type { Selection } from '@/components/clusters/clusters.view';
import {
  type FederatedCluster,
  isServerless,
  type UnseenAccounts,
} from '@/components/clusters/federation.view';
import { PlaceColumns } from '@/components/clusters/place-columns';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';

interface ClusterCardProps {
  readonly application: string;
  readonly cluster: FederatedCluster;
  readonly unseen: UnseenAccounts;
  /** Whether the address asked for this one: it is scrolled to and marked. */
  readonly wanted: boolean;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
}

/** A cluster in all its accounts and regions: traffic, server groups, and the two verbs of each account. */
export function ClusterCard(props: ClusterCardProps) {
  const { application, cluster, unseen, wanted, selection, onSelect } = props;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (wanted) card.current?.scrollIntoView({ block: 'nearest' });
  }, [wanted]);
  const { name, places } = cluster;
  const [only, second] = places;
  return (
    <Card
      ref={card}
      aria-label={name}
      className={cn(
        // Out of sight it is not laid out: an application may have thousands of instances.
        '@container scroll-mt-16 overflow-hidden [contain-intrinsic-height:auto_20rem] [content-visibility:auto]',
        wanted && 'border-accent',
      )}
    >
      <CardHeader>
        <CardTitle className="min-w-0 truncate font-mono" title={name}>
          {name}
        </CardTitle>
        {only && !second ? (
          <>
            <PlaceFacts application={application} place={only} unseen={unseen.get(only.account) ?? null} />
            <PlaceActions application={application} place={only} />
          </>
        ) : (
          <PlaceCount cluster={cluster} />
        )}
      </CardHeader>
      {second ? (
        <>
          {places.map((place) => (
            <div
              key={place.account}
              className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1.5 border-b bg-sunken/50 px-4 py-1.5"
            >
              <PlaceFacts
                application={application}
                place={place}
                unseen={unseen.get(place.account) ?? null}
              />
              <PlaceActions application={application} place={place} />
            </div>
          ))}
          <PlaceColumns cluster={cluster} unseen={unseen} />
        </>
      ) : null}
      {places.map((place, index) => (
        <div key={place.account} className={cn(index > 0 && 'border-t-4 border-t-canvas')}>
          <PlaceRegions
            place={place}
            unseen={unseen.has(place.account)}
            selection={selection}
            onSelect={onSelect}
            headed={index === 0 || isServerless(place) !== isServerless(places[0])}
            federated={second !== undefined}
          />
        </div>
      ))}
    </Card>
  );
}

function PlaceCount({ cluster: { places } }: { cluster: FederatedCluster }) {
  const t = useTranslations('clusters');
  const regions = places.reduce((sum, place) => sum + place.regions.length, 0);
  return <span className="text-muted text-xs">{t('placeCount', { accounts: places.length, regions })}</span>;
}
