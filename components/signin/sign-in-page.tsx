'use client';

import { useTranslations } from 'use-intl';
import { Logo } from '@/components/nav/logo';
import { LanguageMenu, ThemeMenu } from '@/components/nav/preferences';
import { SignInForm } from '@/components/signin/sign-in-form';
import { SignalPicture } from '@/components/signin/signal-picture';

/** The door. */
export function SignInPage(props: { next: string | null; error: string | null }) {
  const t = useTranslations('nav');
  const lead = useTranslations('signin')('lead');
  return (
    <div className="grid min-h-dvh lg:grid-cols-[1.1fr_1fr]">
      <aside className="relative hidden flex-col justify-between overflow-hidden bg-[oklch(0.27_0.09_281)] p-12 text-white lg:flex">
        <p className="max-w-md text-balance font-semibold text-3xl leading-tight tracking-tight">{lead}</p>
        <SignalPicture />
      </aside>
      <div className="flex flex-col bg-surface">
        <header className="flex items-center gap-2.5 px-6 py-4">
          <Logo />
          <span className="flex-1 font-semibold text-base tracking-tight">{t('product')}</span>
          <LanguageMenu />
          <ThemeMenu />
        </header>
        <main className="flex flex-1 items-center justify-center px-6 pb-24">
          <SignInForm {...props} />
        </main>
      </div>
    </div>
  );
}
