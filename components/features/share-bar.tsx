'use client';

import { useTranslations } from 'use-intl';
import { shareText, variantColours } from '@/components/features/features.view';
import type { VariantShare } from '@/server/domain/views/toggles';

interface ShareBarProps {
  readonly shares: readonly VariantShare[];
  /** Keeps the colours of a feature the same where only some of its variants are served. */
  readonly variants?: readonly (string | null)[];
}

/** Which part of the people gets which variant. */
export function ShareBar({ shares, variants }: ShareBarProps) {
  const t = useTranslations('features');
  const colours = variantColours(variants ?? shares.map(({ variant }) => variant));
  const shown = shares.filter(({ percent }) => percent > 0);
  return (
    <div className="flex flex-col gap-1">
      <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-sunken">
        {shown.map(({ variant, percent }) => (
          <span
            key={variant ?? ''}
            className="h-full transition-[width] duration-150 not-first:border-surface not-first:border-l-2"
            style={{ width: `${percent}%`, background: colours.get(variant) }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-3 text-muted text-xs">
        {shown.map((share) => (
          <li key={share.variant ?? ''} className="inline-flex min-w-0 items-center gap-1.5">
            <span
              aria-hidden
              className="size-2 shrink-0 rounded-xs"
              style={{ background: colours.get(share.variant) }}
            />
            <span className="min-w-0 truncate">{share.variant ?? t('codeDefault')}</span>
            <span className="font-medium text-ink">{shareText(share)} %</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
