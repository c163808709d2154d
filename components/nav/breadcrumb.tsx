'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Fragment, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { breadcrumb, type Crumb } from '@/components/nav/nav.view';
import { cn } from '@/components/ui/cn';

/** Where am I; also keeps the title of the tab. */
export function Breadcrumb() {
  const t = useTranslations('nav');
  const crumbs = breadcrumb(usePathname());
  const label = (crumb: Crumb) => ('text' in crumb ? crumb.text : t(crumb.place));
  const title = [...crumbs.map(label).reverse(), t('product')].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <nav aria-label={t('breadcrumb')} className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center gap-1 text-sm">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          // On a phone where one is, and the way out of it: its separator goes with a part.
          const hidden = !last && index > 0 && 'max-sm:hidden';
          return (
            <Fragment key={crumb.href}>
              {index > 0 ? (
                <li aria-hidden className={cn('text-faint', hidden)}>
                  <ChevronRight className="size-3.5" />
                </li>
              ) : null}
              <li className={cn('min-w-0 truncate', hidden)}>
                <Link
                  href={crumb.href}
                  aria-current={last ? 'page' : undefined}
                  className={cn('rounded-sm px-1', last ? 'font-medium' : 'text-muted hover:text-ink')}
                >
                  {label(crumb)}
                </Link>
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}
