import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import '@/app/globals.css';
import { Providers } from '@/app/providers';
import { chooseLocale, LOCALE_COOKIE } from '@/components/i18n/locale';
import { DOMAIN_MESSAGES, MESSAGES } from '@/components/i18n/messages';

export const metadata: Metadata = {
  title: { default: 'Signalbox', template: '%s · Signalbox' },
  description: 'See every rollout, hold the gates, throw the traffic.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafafb' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1013' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = chooseLocale(
    (await cookies()).get(LOCALE_COOKIE)?.value,
    (await headers()).get('accept-language'),
  );
  return (
    // next-themes sets the class before React starts, so the server's markup differs by design.
    <html lang={locale} suppressHydrationWarning>
      <body>
        <Providers locale={locale} messages={MESSAGES[locale]} domainMessages={DOMAIN_MESSAGES[locale]}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
