'use client';

import { memo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import {
  formatBytes,
  groupState,
  healthyCount,
  largestMemory,
  type Selection,
  shortDigest,
  shortName,
} from '@/components/clusters/clusters.view';
import { InstanceSquares } from '@/components/clusters/instance-squares';
import { ManagedMark } from '@/components/clusters/managed-mark';
import { ServerlessState, ShareText } from '@/components/clusters/serverless-state';
import { VersionTag } from '@/components/status/version-tag';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import type { Tone } from '@/components/ui/tone';
import type { ServerGroupView } from '@/server/domain/views/application';

const STATE_TONE = {
  enabled: 'clear',
  disabled: 'off',
  kept: 'neutral',
  empty: 'caution',
} as const satisfies Record<ReturnType<typeof groupState>, Tone>;

/** Columns shared by the head and the rows of a region. */
export const GROUP_COLUMNS =
  '@[56rem]:grid @[56rem]:grid-cols-[4.5rem_minmax(9rem,12rem)_minmax(8rem,10rem)_minmax(8rem,1fr)_4.5rem_4.5rem_5rem] @[56rem]:items-center @[56rem]:gap-x-3';

/** More squares than this get a line of their own where it is narrow. */
const FEW_INSTANCES = 6;

interface ServerGroupRowProps {
  readonly group: ServerGroupView;
  /** All of the cluster in this region. */
  readonly siblings: readonly ServerGroupView[];
  /** Who keeps all of them, where the card says so already. */
  readonly owner: ServerGroupView['managedBy'] | null;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
}

/**
 * One server group: what it is, how it stands, its instances as squares. Drawn again only when it is another one
 * than before: a page may have hundreds of groups with thousands of instances.
 */
export const ServerGroupRow = memo(
  Row,
  (before, now) =>
    before.group === now.group &&
    before.siblings === now.siblings &&
    before.onSelect === now.onSelect &&
    isSame(before.owner, now.owner) &&
    chosenIn(before) === chosenIn(now),
);

/** The instance that is selected, empty when it is the group itself; null when it is neither. */
function chosenIn({ group, selection }: ServerGroupRowProps): string | null {
  const isMine =
    selection?.account === group.account &&
    selection.region === group.region &&
    selection.group === group.name;
  return isMine ? (selection.instance ?? '') : null;
}

function Row(props: ServerGroupRowProps) {
  const { group, siblings, owner, onSelect } = props;
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  const locale = useLocale();
  const { account, region, name, artifact, instances } = group;
  const state = groupState(group, siblings);
  const memory = largestMemory(instances);
  const healthy = healthyCount(instances);
  const chosen = chosenIn(props);
  const mine = chosen !== null;
  return (
    <li
      className={cn(
        GROUP_COLUMNS,
        'flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-4 py-1.5 first:border-t-0',
        mine && 'bg-accent-soft/50',
      )}
    >
      <button
        type="button"
        title={name}
        aria-pressed={chosen === ''}
        onClick={() => onSelect({ account, region, group: name, instance: null })}
        className="truncate rounded-sm text-left font-medium font-mono text-accent-ink text-sm hover:underline"
      >
        {shortName(name, group.cluster)}
      </button>
      <span className="flex min-w-0 items-center gap-2">
        <VersionTag version={artifact.version} vetoed={group.vetoed !== null} />
        <code title={artifact.digest} className="font-mono text-faint text-xs">
          {shortDigest(artifact.digest)}
        </code>
      </span>
      <span className="flex min-w-0 flex-wrap gap-1">
        <Badge tone={STATE_TONE[state]}>{words(`group.${state}`)}</Badge>
        {group.managedBy && !isSame(group.managedBy, owner) ? <ManagedMark owner={group.managedBy} /> : null}
        {group.vetoed ? (
          <Badge tone="danger" title={t('vetoedBy', { by: group.vetoed.by, reason: group.vetoed.reason })}>
            {t('vetoed')}
          </Badge>
        ) : null}
      </span>
      <span
        className={cn(
          'min-w-0',
          instances.length > FEW_INSTANCES && '@max-[56rem]:order-last @max-[56rem]:w-full',
        )}
      >
        {group.serverless ? (
          <ServerlessState serverless={group.serverless} />
        ) : (
          <InstanceSquares
            group={name}
            instances={instances}
            serving={group.enabled}
            selected={chosen || null}
            onSelect={(instance) => onSelect({ account, region, group: name, instance })}
          />
        )}
      </span>
      {group.serverless ? (
        <ShareText traffic={group.traffic} />
      ) : (
        <span
          title={t('healthy')}
          className={cn('text-sm', healthy < instances.length ? 'font-medium text-danger-ink' : 'text-muted')}
        >
          {healthy}/{instances.length}
        </span>
      )}
      <RelativeTime at={group.createdAt} compact className="text-muted text-sm" />
      {group.serverless ? null : (
        <span title={t('memoryHint')} className="text-muted text-sm @max-[56rem]:hidden">
          {memory === null ? '–' : formatBytes(memory, locale)}
        </span>
      )}
    </li>
  );
}

type Owner = ServerGroupView['managedBy'];

function isSame(one: Owner | null, other: Owner | null): boolean {
  return one?.kind === other?.kind && one?.name === other?.name;
}

/** Names of the columns, for the eye; each value names itself for screen readers. */
export function ServerGroupHead({ serverless }: { readonly serverless: boolean }) {
  const t = useTranslations('clusters');
  const own = serverless
    ? [t('function'), t('traffic'), t('age'), '']
    : [t('instances'), t('healthy'), t('age'), t('memory')];
  const names = [t('group'), t('version'), t('state'), ...own];
  return (
    <div aria-hidden className={cn(GROUP_COLUMNS, 'hidden h-7 border-t px-4 text-faint text-xs')}>
      {names.map((name) => (
        <span key={name} className="truncate">
          {name}
        </span>
      ))}
    </div>
  );
}
