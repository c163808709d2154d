import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';

/** Which accounts show the same, so that it is counted twice. */
export function AccountOverlaps() {
  const t = useTranslations('settings.accounts');
  const trpc = useTRPC();
  const overlaps = useQuery(trpc.accounts.overlaps.queryOptions({})).data ?? [];
  if (overlaps.length === 0) return null;
  return (
    <ul
      role="alert"
      className="flex flex-col gap-1 border-b bg-caution-soft px-4 py-2.5 text-caution-ink text-sm"
    >
      {overlaps.map(({ accounts: [one, other], region }) => (
        <li key={`${one} ${other} ${region}`} className="flex gap-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('overlap', { one, other, region })}
        </li>
      ))}
    </ul>
  );
}
