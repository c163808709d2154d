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
import { unknownNow } from '@/components/clusters/federation.view';
import { InstanceSquares } from '@/components/clusters/instance-squares';
import { ManagedMark } from '@/components/clusters/managed-mark';
import { ServerlessState, ShareText, standingOf } from '@/components/clusters/serverless-state';
import { useLastSeen } from '@/components/clusters/use-last-seen';
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
  /** Its account cannot be seen now: everything said of it is how it was then. */
  readonly unseen: boolean;
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
    before.unseen === now.unseen &&
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
  const { unseen, onSelect } = props;
  const t = useTranslations('clusters');
  const locale = useLocale();
  const lastSeen = useLastSeen();
  const group = unseen ? unknownNow(props.group, lastSeen) : props.group;
  const { account, region, name, artifact, instances } = group;
  const memory = largestMemory(instances);
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
      {/* Where one line is too short, the age stands at the end of the first. */}
      <span aria-hidden className="@[30rem]:hidden order-1 w-full" />
      <States {...props} />
      <span
        className={cn(
          'min-w-0',
          group.serverless && '@max-[30rem]:flex-1',
          instances.length > FEW_INSTANCES
            ? '@max-[56rem]:order-last @max-[56rem]:w-full'
            : '@max-[30rem]:order-1',
        )}
      >
        {group.serverless ? (
          <ServerlessState serverless={group.serverless} standing={standingOf(group.enabled, unseen)} />
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
        <ShareText traffic={group.traffic} unseen={unseen} />
      ) : (
        <HealthyText healthy={healthyCount(instances)} total={instances.length} unseen={unseen} />
      )}
      <RelativeTime at={group.createdAt} compact className="text-muted text-sm @max-[30rem]:ml-auto" />
      {group.serverless ? null : (
        <span title={t('memoryHint')} className="text-muted text-sm @max-[56rem]:hidden">
          {memory === null ? '–' : formatBytes(memory, locale)}
        </span>
      )}
    </li>
  );
}

/** How it stands, whose it is, and that nobody may deploy it. */
function States({ group, siblings, owner, unseen }: ServerGroupRowProps) {
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  const state = groupState(group, siblings);
  const { managedBy, vetoed } = group;
  return (
    <span className="flex min-w-0 flex-wrap gap-1 @max-[30rem]:order-1">
      {unseen ? (
        <Badge title={t('asLastSeen')}>{words(`group.${state}`)}</Badge>
      ) : (
        <Badge tone={STATE_TONE[state]}>{words(`group.${state}`)}</Badge>
      )}
      {managedBy && !isSame(managedBy, owner) ? <ManagedMark owner={managedBy} /> : null}
      {vetoed ? (
        <Badge tone="danger" title={t('vetoedBy', { by: vetoed.by, reason: vetoed.reason })}>
          {t('vetoed')}
        </Badge>
      ) : null}
    </span>
  );
}

/** How many of its instances are well, which nobody knows of those that cannot be seen. */
function HealthyText({ healthy, total, unseen }: { healthy: number; total: number; unseen: boolean }) {
  const t = useTranslations('clusters');
  const ill = !unseen && healthy < total;
  return (
    <span
      title={unseen ? t('unknownOf', { total }) : t('healthy')}
      className={cn('text-sm @max-[30rem]:order-1', ill ? 'font-medium text-danger-ink' : 'text-muted')}
    >
      {unseen ? '?' : healthy}/{total}
    </span>
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
