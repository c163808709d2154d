'use client';

import { ArrowRight, Clock, OctagonX, Pin, ShieldBan, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { UnreachableAccount } from '@/components/clusters/account-freshness';
import { shortDigest } from '@/components/gates/gate.view';
import { useMessage } from '@/components/i18n/provider';
import { expectation } from '@/components/rollback/rollback.view';
import { VersionTag } from '@/components/status/version-tag';
import { Skeleton } from '@/components/ui/skeleton';
import type { RollbackPreview } from '@/server/domain/views/execution';

/** What will happen, in the order a person asks: where to, how long, what else, what not. */
export function RollbackPlan({ preview }: { preview: RollbackPreview }) {
  const t = useTranslations('rollback');
  const say = useMessage();
  const { withdraws, pins, vetoes } = preview;
  const expected = expectation(preview);
  return (
    <div className="flex flex-col gap-4">
      <UnreachableAccount account={preview.account} />
      <RegionPlans preview={preview} />
      <ul className="flex flex-col gap-2 text-sm">
        <PlanLine icon={<Clock aria-hidden />}>
          <strong className="font-semibold">{t(expected.key, expected.values)}</strong>
        </PlanLine>
        {withdraws ? (
          <PlanLine icon={<OctagonX aria-hidden />}>
            {withdraws.version ? t('withdrawsVersion', { version: withdraws.version }) : t('withdraws')}
          </PlanLine>
        ) : null}
        {pins ? <PlanLine icon={<Pin aria-hidden />}>{t('pins', pins)}</PlanLine> : null}
        {vetoes ? (
          <PlanLine icon={<ShieldBan aria-hidden />}>
            {t('vetoes', { version: vetoes.version, digest: shortDigest(vetoes.digest) })}
          </PlanLine>
        ) : null}
      </ul>
      {preview.notUndone.length > 0 ? (
        <section aria-label={t('notUndone')}>
          <h3 className="mb-1 font-semibold text-muted text-xs">{t('notUndone')}</h3>
          <ul className="flex list-disc flex-col gap-0.5 pl-4 text-muted text-sm">
            {preview.notUndone.map((note) => (
              <li key={note.key}>{say(note)}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <CurrentPin preview={preview} />
    </div>
  );
}

/** Where each region goes, or why it stays. */
export function RegionPlans({
  preview: { regions, serverless, unseen },
}: {
  readonly preview: Pick<RollbackPreview, 'regions' | 'serverless' | 'unseen'>;
}) {
  const t = useTranslations('rollback');
  const say = useMessage();
  return (
    <section aria-label={t('regions')}>
      {unseen ? <p className="mb-2 text-sm">{t('unseen')}</p> : null}
      <ul className="grid grid-cols-[fit-content(9rem)_minmax(0,1fr)] divide-y rounded-md border">
        {regions.map((region) => (
          <li key={region.region} className="col-span-2 grid grid-cols-subgrid gap-x-4 px-3 py-2 text-sm">
            <span className="truncate font-medium" title={region.region}>
              {region.region}
            </span>
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2">
                {region.from ? <VersionTag version={region.from.version} /> : null}
                {region.to ? (
                  <>
                    <ArrowRight role="img" aria-label="→" className="size-3.5 text-muted" />
                    <VersionTag version={region.to.version} />
                    <code className="truncate font-mono text-2xs text-muted">{region.to.serverGroup}</code>
                  </>
                ) : (
                  <span className="text-muted">{t(unseen ? 'lookedAt' : 'nowhere')}</span>
                )}
              </p>
              <p className="text-muted text-xs">
                {region.to
                  ? t(serverless ? 'readyServerless' : 'ready', { count: region.instancesReady })
                  : null}
                {region.why ? ` ${say(region.why)}` : null}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One thing that happens besides. */
export function PlanLine({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2.5 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted">
      {icon}
      <span>{children}</span>
    </li>
  );
}

function CurrentPin({ preview }: { preview: RollbackPreview }) {
  const t = useTranslations('rollback');
  if (!preview.currentPin) return null;
  const { version, by, reason } = preview.currentPin;
  return (
    <p className="flex items-start gap-2 rounded-md bg-sunken px-3 py-2 text-sm">
      <Pin aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
      {t('currentPin', { version, by, reason })}
    </p>
  );
}

/** Why there is no button. */
export function RollbackImpossible({ preview }: { preview: RollbackPreview }) {
  const t = useTranslations('rollback');
  const say = useMessage();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-start gap-3 rounded-md bg-caution-soft px-3 py-2.5 text-caution-ink">
        <Undo2 aria-hidden className="mt-0.5 size-4 shrink-0" />
        <div className="text-sm">
          <p className="font-semibold">{t('impossible')}</p>
          <p>{preview.why ? say(preview.why) : t('impossibleDefault')}</p>
        </div>
      </div>
      {preview.regions.length > 0 ? <RegionPlans preview={preview} /> : null}
      <CurrentPin preview={preview} />
    </div>
  );
}

export function PreviewSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-24" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-16" />
    </div>
  );
}
