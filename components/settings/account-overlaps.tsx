import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { overlappingPairs } from '@/components/settings/accounts.view';
import { useTRPC } from '@/components/trpc/trpc';

/** Which accounts show the same, so that it is counted twice. */
export function AccountOverlaps() {
  const t = useTranslations('settings.accounts');
  const trpc = useTRPC();
  const pairs = overlappingPairs(useQuery(trpc.accounts.overlaps.queryOptions({})).data ?? []);
  if (pairs.length === 0) return null;
  return (
    <ul
      role="alert"
      className="flex flex-col gap-1 border-b bg-caution-soft px-4 py-2.5 text-caution-ink text-sm"
    >
      {pairs.map(({ one, other, regions }) => (
        <li key={`${one} ${other}`} className="flex gap-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('overlap', { one, other, regions: regions.join(', ') })}
        </li>
      ))}
    </ul>
  );
}
