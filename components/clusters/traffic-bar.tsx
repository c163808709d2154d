'use client';

import { useTranslations } from 'use-intl';
import { percents, trafficByVersion } from '@/components/clusters/clusters.view';
import { versionClass } from '@/components/status/version.view';
import { VersionTag } from '@/components/status/version-tag';
import { cn } from '@/components/ui/cn';
import type { ServerGroupView } from '@/server/domain/views/application';

interface TrafficBarProps {
  readonly region: string;
  readonly groups: readonly ServerGroupView[];
  /** The platform keeps no weights: shares are what the numbers of instances make of them. */
  readonly byInstances: boolean;
  /** The account cannot be seen now: the shares are those of then. */
  readonly unseen: boolean;
}

/** Which version gets how much of a region's traffic, in the versions' colours. */
export function TrafficBar({ region, groups, byInstances, unseen }: TrafficBarProps) {
  const t = useTranslations('clusters');
  const shares = trafficByVersion(groups);
  const whole = percents(shares.map(({ share }) => share));
  const parts = shares.map(({ version }, i) => t('share', { version, percent: whole[i] ?? 0 }));
  if (unseen && parts.length > 0) parts.push(t('asLastSeen'));
  const text = parts.join(', ');
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
      <div
        role="img"
        title={byInstances ? t('byInstancesHint') : undefined}
        aria-label={t('trafficOf', { region, shares: text || t('noTraffic') })}
        className={cn(
          'flex h-2.5 w-full min-w-24 flex-1 basis-32 overflow-hidden rounded-full bg-sunken',
          shares.length === 0 && 'hatch',
        )}
      >
        {shares.map(({ version, share }) => (
          <span
            key={version}
            className={cn(
              versionClass(version),
              unseen && 'opacity-40',
              'h-full bg-version transition-[width] duration-150 not-first:border-surface not-first:border-l-2',
            )}
            style={{ width: `${share * 100}%` }}
          />
        ))}
      </div>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
        {shares.length === 0 ? <span className="text-muted">{t('noTraffic')}</span> : null}
        {shares.map(({ version }, i) => (
          <span key={version} className="inline-flex items-center gap-1.5">
            <VersionTag version={version} size="sm" />
            <span className={unseen ? 'text-muted' : 'font-medium'}>{whole[i]} %</span>
          </span>
        ))}
        {unseen && shares.length > 0 ? <span className="text-muted">{t('asLastSeen')}</span> : null}
        {byInstances && shares.length > 1 ? (
          <span title={t('byInstancesHint')} className="text-muted">
            {t('byInstances')}
          </span>
        ) : null}
      </span>
    </div>
  );
}
