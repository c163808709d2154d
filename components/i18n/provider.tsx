'use client';

import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { IntlProvider } from 'use-intl';
import { LOCALE_COOKIE, type Locale } from '@/components/i18n/locale';
import type { Messages } from '@/components/i18n/messages';
import { messageRenderer, type RenderMessage } from '@/components/i18n/render-message';

const RenderContext = createContext<RenderMessage>(({ key }) => key);

interface I18nProviderProps {
  readonly locale: Locale;
  readonly messages: Messages;
  readonly domainMessages: object;
  readonly children: ReactNode;
}

/** One language for everything below. The page's server part chooses it and sends only its texts. */
export function I18nProvider({ locale, messages, domainMessages, children }: I18nProviderProps) {
  const render = useMemo(() => messageRenderer(locale, domainMessages), [locale, domainMessages]);
  return (
    <IntlProvider locale={locale} messages={messages} timeZone={timeZone()}>
      <RenderContext value={render}>{children}</RenderContext>
    </IntlProvider>
  );
}

/** The reader's own; the server does not know it and draws no times. */
function timeZone(): string {
  return typeof window === 'undefined' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Renders a `Message` of the engine or of a service in the reader's language. */
export function useMessage(): RenderMessage {
  return useContext(RenderContext);
}

/** Remembers the language for a year; the caller refreshes the page to have it spoken. */
export function rememberLocale(locale: Locale): void {
  // The Cookie Store API is missing in Firefox and Safari
  document.cookie = `${LOCALE_COOKIE}=${locale}; path=/; max-age=31536000; samesite=lax`;
}
