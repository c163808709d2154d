'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { Logo } from '@/components/nav/logo';
import { PHONE_PLACES, PLACES, placeOf } from '@/components/nav/nav.view';
import { PlaceIcon } from '@/components/nav/place-icon';
import { useWaiting } from '@/components/nav/use-waiting';
import { cn } from '@/components/ui/cn';

function WaitingCount({ className }: { className?: string }) {
  const t = useTranslations('nav');
  const count = useWaiting().data?.length ?? 0;
  if (count === 0) return null;
  return (
    <span
      className={cn(
        'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-full bg-caution-soft px-1 font-semibold text-2xs text-caution-ink',
        className,
      )}
    >
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr-only">{t('waitingCount', { count })}</span>
    </span>
  );
}

/** Navigation at the left edge; icons only on a narrow screen. Hidden on a phone. */
export function Rail() {
  const t = useTranslations('nav');
  const here = placeOf(usePathname());
  return (
    <nav
      aria-label={t('main')}
      className="sticky top-0 hidden h-dvh w-14 shrink-0 flex-col gap-0.5 border-r bg-surface px-2 py-3 md:flex xl:w-52"
    >
      <Link href="/" className="mb-3 flex h-8 items-center gap-2.5 rounded-md px-1.5">
        <Logo />
        <span className="font-semibold text-base tracking-tight max-xl:sr-only">{t('product')}</span>
      </Link>
      {PLACES.map(({ id, href }) => (
        <Link
          key={id}
          href={href}
          title={t(id)}
          aria-current={here === id ? 'page' : undefined}
          className={cn(
            'relative flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium text-muted text-sm transition-colors hover:bg-sunken hover:text-ink max-xl:justify-center',
            here === id && 'bg-accent-soft text-accent-ink hover:bg-accent-soft hover:text-accent-ink',
            id === 'settings' && 'mt-auto',
          )}
        >
          <PlaceIcon place={id} className="size-4 shrink-0" />
          <span className="truncate max-xl:sr-only">{t(id)}</span>
          {id === 'waiting' ? (
            <WaitingCount className="ml-auto max-xl:absolute max-xl:top-0.5 max-xl:right-0" />
          ) : null}
        </Link>
      ))}
    </nav>
  );
}

/** Navigation under the thumb on a phone. */
export function BottomBar() {
  const t = useTranslations('nav');
  const here = placeOf(usePathname());
  return (
    <nav
      aria-label={t('main')}
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {PHONE_PLACES.map((id) => (
        <Link
          key={id}
          href={PLACES.find((place) => place.id === id)?.href ?? '/'}
          aria-current={here === id ? 'page' : undefined}
          className={cn(
            'relative flex h-14 min-w-0 flex-col items-center justify-center gap-1 px-1 font-medium text-2xs text-muted focus-visible:outline-offset-[-3px]',
            here === id && 'text-accent-ink',
          )}
        >
          <PlaceIcon place={id} className="size-5" />
          <span className="max-w-full truncate">{t(id)}</span>
          {id === 'waiting' ? <WaitingCount className="absolute top-1.5 left-1/2 ml-2" /> : null}
        </Link>
      ))}
    </nav>
  );
}
