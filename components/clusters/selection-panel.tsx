'use client';

import type { ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useAccounts } from '@/components/clusters/account-freshness';
import {
  findSelected,
  formatBytes,
  healthParts,
  type Selection,
  sortInstances,
} from '@/components/clusters/clusters.view';
import { unknownNow, unseenOf } from '@/components/clusters/federation.view';
import { InstanceLog } from '@/components/clusters/instance-log';
import { InstanceMark } from '@/components/clusters/instance-mark';
import { RefreshCluster } from '@/components/clusters/refresh-cluster';
import { ServerlessState, standingOf } from '@/components/clusters/serverless-state';
import { useLastSeen } from '@/components/clusters/use-last-seen';
import { HEALTH_LOOK } from '@/components/status/status.view';
import { HealthIcon } from '@/components/status/status-badge';
import { VersionTag } from '@/components/status/version-tag';
import { CopyButton } from '@/components/ui/copy-button';
import { Sheet, SheetContent } from '@/components/ui/dialog';
import { RelativeTime, useExactTime } from '@/components/ui/time';
import type { Instance } from '@/server/domain/inventory';
import type { ClustersView, ServerGroupView } from '@/server/domain/views/application';

interface SelectionPanelProps {
  readonly view: ClustersView;
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
  readonly onClose: () => void;
}

/** Details of the chosen instance or server group at the side; the list stays where it is and usable. */
export function SelectionPanel({ selection, ...props }: SelectionPanelProps) {
  return selection === null ? null : <Chosen {...props} selection={selection} />;
}

function Chosen({ view, selection, onSelect, onClose }: SelectionPanelProps & { selection: Selection }) {
  const t = useTranslations('clusters');
  const { group, instance, unseen } = useSelected(view, selection);
  const wantsInstance = selection.instance !== null;
  return (
    <Sheet open modal={false} onOpenChange={(open) => (open ? undefined : onClose())}>
      <SheetContent
        data-keys="through"
        title={selection.instance ?? selection.group}
        description={wantsInstance ? t('panelInstance') : t('panelGroup')}
        // Focus stays on the square, so that arrow keys go on among them and the panel follows.
        onOpenAutoFocus={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
      >
        {group && wantsInstance && instance ? (
          <>
            <InstanceFacts
              instance={instance}
              group={group}
              onGroup={() => onSelect({ ...selection, instance: null })}
            />
            <InstanceLog
              account={group.account}
              region={group.region}
              serverGroup={group.name}
              instance={instance.id}
            />
          </>
        ) : group && !wantsInstance ? (
          <GroupFacts
            group={group}
            unseen={unseen}
            onInstance={(id) => onSelect({ ...selection, instance: id })}
          />
        ) : (
          <p className="text-muted text-sm">{t('gone')}</p>
        )}
      </SheetContent>
    </Sheet>
  );
}

/** What is chosen, as it is known now. */
function useSelected(view: ClustersView, selection: Selection) {
  const lastSeen = useLastSeen();
  const found = findSelected(view, selection);
  const unseen = unseenOf(view.accounts).has(selection.account);
  if (!unseen || found.group === null) return { ...found, unseen };
  const group = unknownNow(found.group, lastSeen);
  return { group, instance: group.instances.find(({ id }) => id === selection.instance) ?? null, unseen };
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7rem_1fr] gap-3 border-b py-2 text-sm last:border-b-0">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function Copied({ value }: { value: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 flex-1 break-all font-mono text-xs leading-5">{value}</code>
      <span className="-my-1">
        <CopyButton value={value} />
      </span>
    </span>
  );
}

function When({ at }: { at: string }) {
  const exact = useExactTime();
  return (
    <>
      <RelativeTime at={at} /> <span className="text-muted text-xs">({exact(at)})</span>
    </>
  );
}

interface InstanceFactsProps {
  readonly instance: Instance;
  readonly group: ServerGroupView;
  readonly onGroup: () => void;
}

function InstanceFacts({ instance, group, onGroup }: InstanceFactsProps) {
  const t = useTranslations('clusters');
  const locale = useLocale();
  return (
    <dl>
      <Fact name={t('health')}>
        <HealthIcon health={instance.health} withWord />
      </Fact>
      {instance.outOfTraffic ? (
        <Fact name={t('traffic')}>
          {t('outOfTraffic')}
          <span className="block text-muted text-xs">{t('outOfTrafficHint')}</span>
        </Fact>
      ) : null}
      {instance.reason ? <Fact name={t('reason')}>{instance.reason}</Fact> : null}
      {instance.blocked ? <Fact name={t('blocked')}>{instance.blocked}</Fact> : null}
      <Fact name={t('id')}>
        <Copied value={instance.id} />
      </Fact>
      {instance.address ? (
        <Fact name={t('address')}>
          <Copied value={instance.address} />
        </Fact>
      ) : null}
      <Fact name={t('started')}>
        <When at={instance.startedAt} />
      </Fact>
      <Fact name={t('restarts')}>{instance.restarts}</Fact>
      <Fact name={t('memory')}>
        {instance.memoryBytes === null ? '–' : formatBytes(instance.memoryBytes, locale)}
      </Fact>
      <Fact name={t('serverGroup')}>
        <button
          type="button"
          onClick={onGroup}
          className="rounded-sm text-left text-accent-ink hover:underline"
        >
          {group.name}
        </button>
      </Fact>
      <Fact name={t('version')}>
        <VersionTag version={group.artifact.version} vetoed={group.vetoed !== null} />
      </Fact>
      <Fact name={t('region')}>
        {group.account} · {group.region}
      </Fact>
    </dl>
  );
}

interface InstanceListProps {
  readonly group: ServerGroupView;
  readonly onInstance: (id: string) => void;
}

interface GroupFactsProps extends InstanceListProps {
  /** Its account cannot be seen now. */
  readonly unseen: boolean;
}

function GroupFacts({ group, unseen, onInstance }: GroupFactsProps) {
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  const { min, desired, max } = group.capacity;
  const asLastSeen = unseen ? <span className="text-muted text-xs"> · {t('asLastSeen')}</span> : null;
  return (
    <dl>
      <Fact name={t('state')}>
        {words(group.enabled ? 'group.enabled' : 'group.disabled')}
        {asLastSeen}
      </Fact>
      {group.managedBy ? (
        <Fact name={t('owner')}>
          {group.managedBy.kind} {group.managedBy.name}
          <span className="block text-muted text-xs">{t('managedHint', { ...group.managedBy })}</span>
        </Fact>
      ) : null}
      {group.vetoed ? (
        <Fact name={t('vetoed')}>{t('vetoedBy', { by: group.vetoed.by, reason: group.vetoed.reason })}</Fact>
      ) : null}
      <Fact name={t('artifact')}>
        <span className="flex items-center gap-2">
          {group.artifact.name} <VersionTag version={group.artifact.version} vetoed={group.vetoed !== null} />
        </span>
      </Fact>
      <Fact name={t('digest')}>
        <Copied value={group.artifact.digest} />
      </Fact>
      <Fact name={t('traffic')}>
        {Math.round(group.traffic * 100)} %{asLastSeen}
      </Fact>
      {group.serverless ? (
        <Fact name={t('function')}>
          <ServerlessState serverless={group.serverless} standing={standingOf(group.enabled, unseen)} />
          {group.serverless.reason ? <span className="block text-sm">{group.serverless.reason}</span> : null}
          <span className="block text-muted text-xs">{t('serverlessHint')}</span>
        </Fact>
      ) : (
        <Fact name={t('capacity')}>{t('capacityText', { desired, min, max })}</Fact>
      )}
      <Fact name={t('created')}>
        <When at={group.createdAt} />
      </Fact>
      <Fact name={t('loadBalancers')}>{group.loadBalancers.join(', ') || '–'}</Fact>
      <Fact name={t('region')}>
        {group.account} · {group.region}
      </Fact>
      <Fact name={t('configKeys')}>
        <span className="flex flex-col gap-0.5">
          {group.configKeys.map((key) => (
            <code key={key} className="break-all font-mono text-xs">
              {key}
            </code>
          ))}
          <span className="text-faint text-xs">{t('configKeysHint')}</span>
        </span>
      </Fact>
      <Fact name={t('changed')}>
        <When at={group.seenAt} />
      </Fact>
      <Fact name={t('seen')}>
        <LastSeen account={group.account} />
        <RefreshCluster key={`${group.account}/${group.region}/${group.cluster}`} group={group} />
      </Fact>
      {group.serverless ? null : (
        <Fact name={t('instances')}>
          <InstanceList group={group} onInstance={onInstance} />
        </Fact>
      )}
    </dl>
  );
}

/** A group is written down only when it changes; its account is seen all the time. */
function LastSeen({ account }: { account: string }) {
  const at = useAccounts()?.find((each) => each.account === account)?.seenAt;
  return at ? <RelativeTime at={at} /> : <span className="text-muted">–</span>;
}

/** Those that are not well first, so that nobody looks for them among hundreds. */
function InstanceList({ group, onInstance }: InstanceListProps) {
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  return (
    <>
      <p className="text-muted text-xs">
        {healthParts(group.instances)
          .toReversed()
          .map(({ health, count }) => t('barPart', { count, health: words(HEALTH_LOOK[health].messageKey) }))
          .join(' · ')}
      </p>
      <ul className="flex flex-col">
        {sortInstances(group.instances).map(({ id, health, outOfTraffic = false }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onInstance(id)}
              className="flex w-full items-center gap-2 rounded-sm py-0.5 text-left hover:bg-sunken"
            >
              <InstanceMark health={health} serving={group.enabled && !outOfTraffic} />
              <code className="min-w-0 truncate font-mono text-xs">{id}</code>
              {outOfTraffic ? <span className="shrink-0 text-muted text-xs">{t('outOfTraffic')}</span> : null}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
