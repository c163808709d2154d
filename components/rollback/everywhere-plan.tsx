'use client';

import { Clock, OctagonX, Pin, ShieldBan, Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { UnreachableAccount } from '@/components/clusters/account-freshness';
import { useMessage } from '@/components/i18n/provider';
import { expectation, expectationEverywhere } from '@/components/rollback/rollback.view';
import { PlanLine, RegionPlans } from '@/components/rollback/rollback-plan';
import { PlatformMark } from '@/components/status/platform-mark';
import { Badge } from '@/components/ui/badge';
import type { EverywherePlace, EverywhereRollbackPreview } from '@/server/domain/views/rollback';

/** What becomes of each environment, and what else happens. */
export function EverywherePlan({ preview }: { preview: EverywhereRollbackPreview }) {
  const t = useTranslations('rollback');
  const { vetoes, withdraws, places } = preview;
  const expected = expectationEverywhere(preview);
  const [hours] = places.flatMap(({ possible, pins }) => (possible && pins ? [pins.hours] : []));
  return (
    <div className="flex flex-col gap-4">
      {preview.possible ? null : <Impossible preview={preview} />}
      {places.map((place) => (
        <Place key={`${place.account} ${place.cluster}`} place={place} />
      ))}
      {preview.possible ? (
        <ul className="flex flex-col gap-2 text-sm">
          <PlanLine icon={<Clock aria-hidden />}>
            <strong className="block font-semibold">{t(expected.key, expected.values)}</strong>
            {t('everywhere.apart')}
          </PlanLine>
          {withdraws.length > 0 ? (
            <PlanLine icon={<OctagonX aria-hidden />}>
              {t('everywhere.withdraws', { count: withdraws.length })}
            </PlanLine>
          ) : null}
          {hours === undefined ? null : (
            <PlanLine icon={<Pin aria-hidden />}>{t('everywhere.pins', { hours })}</PlanLine>
          )}
          {vetoes.length > 0 ? (
            <PlanLine icon={<ShieldBan aria-hidden />}>
              {t('everywhere.vetoes', {
                forms: vetoes.map(({ name, version }) => `${name} ${version}`).join(', '),
              })}
            </PlanLine>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}

function Place({ place }: { place: EverywherePlace }) {
  const expected = expectation(place);
  const t = useTranslations('rollback');
  const say = useMessage();
  const { why, regions } = place;
  const said = regions.some((region) => region.why?.key === why?.key);
  const stays = !place.possible && regions.every(({ to }) => to === null);
  return (
    <section aria-label={place.environment ?? place.cluster} className="flex flex-col gap-2">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {place.environment === null ? null : <Badge>{place.environment}</Badge>}
        <code className="min-w-0 truncate font-mono font-semibold text-sm" title={place.cluster}>
          {place.cluster}
        </code>
        <PlatformMark platform={place.platform} />
        <span className="text-muted text-xs">{place.account}</span>
        {stays ? <span className="ml-auto text-caution-ink text-xs">{t('everywhere.stays')}</span> : null}
      </h3>
      <UnreachableAccount account={place.account} />
      <RegionPlans preview={place} />
      {why && !said ? <p className="text-muted text-sm">{say(why)}</p> : null}
      {place.possible && place.startsFirst ? (
        <p className="text-muted text-sm">{t(expected.key, expected.values)}</p>
      ) : null}
    </section>
  );
}

function Impossible({ preview: { why } }: { preview: EverywhereRollbackPreview }) {
  const t = useTranslations('rollback');
  const say = useMessage();
  return (
    <div className="flex items-start gap-3 rounded-md bg-caution-soft px-3 py-2.5 text-caution-ink text-sm">
      <Undo2 aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div>
        <p className="font-semibold">{t('impossible')}</p>
        <p>{why ? say(why) : t('impossibleDefault')}</p>
      </div>
    </div>
  );
}
