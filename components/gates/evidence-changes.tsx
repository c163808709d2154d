'use client';

import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { FactsSection } from '@/components/gates/evidence-facts';
import { digestDiff } from '@/components/gates/gate.view';
import { VersionTag } from '@/components/status/version-tag';
import { RelativeTime } from '@/components/ui/time';
import type { EvidenceChange } from '@/server/domain/views/execution';

/** From → to for each region, versions and bytes. */
export function EvidenceChanges({ change }: { change: readonly EvidenceChange[] }) {
  const t = useTranslations('gates.change');
  return (
    <FactsSection title={t('title')}>
      {change.length === 0 ? <p className="text-muted text-sm">{t('none')}</p> : null}
      <ul className="grid grid-cols-[fit-content(9rem)_minmax(0,1fr)] divide-y rounded-md border">
        {change.map((each) => (
          <li key={each.region} className="col-span-2 grid grid-cols-subgrid gap-x-4 px-3 py-2">
            <span className="truncate pt-px font-medium text-sm" title={each.region}>
              {each.region}
            </span>
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                {each.from ? (
                  <VersionTag version={each.from.version} />
                ) : (
                  <span className="text-muted text-sm">{t('nothing')}</span>
                )}
                <ArrowRight role="img" aria-label="→" className="size-3.5 text-muted" />
                <VersionTag version={each.to.version} />
                {each.instances === null ? null : (
                  <span className="text-muted text-xs">{t('instances', { count: each.instances })}</span>
                )}
                {each.from?.since ? (
                  <span className="text-muted text-xs">
                    · {t.rich('since', { time: () => <RelativeTime compact at={each.from?.since ?? ''} /> })}
                  </span>
                ) : null}
              </p>
              <DigestLine change={each} />
            </div>
          </li>
        ))}
      </ul>
    </FactsSection>
  );
}

function DigestLine({ change }: { change: EvidenceChange }) {
  const t = useTranslations('gates.change');
  const digest = digestDiff(change);
  if (digest.same) return <p className="mt-1 text-caution-ink text-xs">{t('sameDigest')}</p>;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-1.5 font-mono text-2xs text-muted">
      {digest.from ? (
        <>
          <span>{digest.from}</span>
          <ArrowRight aria-hidden className="size-3" />
        </>
      ) : null}
      <span className="text-ink">{digest.to}</span>
    </p>
  );
}
