'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import type { Locale } from '@/components/i18n/locale';
import type { Messages } from '@/components/i18n/messages';
import { I18nProvider } from '@/components/i18n/provider';
import { makeQueryClient, makeTrpcClient } from '@/components/trpc/client';
import { TRPCProvider } from '@/components/trpc/trpc';
import { Toaster } from '@/components/ui/toaster';
import { TooltipProvider } from '@/components/ui/tooltip';

interface ProvidersProps {
  readonly locale: Locale;
  readonly messages: Messages;
  readonly domainMessages: object;
  readonly children: ReactNode;
}

/** A full load, so that nothing of the ended session stays in memory. */
function goToSignIn(): void {
  const { pathname, search } = window.location;
  if (pathname.startsWith('/signin')) return;
  window.location.assign(`/signin?next=${encodeURIComponent(pathname + search)}`);
}

export function Providers({ locale, messages, domainMessages, children }: ProvidersProps) {
  const [queryClient] = useState(() => makeQueryClient(goToSignIn));
  const [trpcClient] = useState(makeTrpcClient);
  return (
    <I18nProvider locale={locale} messages={messages} domainMessages={domainMessages}>
      <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
        <NuqsAdapter>
          <QueryClientProvider client={queryClient}>
            <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
              <TooltipProvider delayDuration={250}>
                {children}
                <Toaster />
              </TooltipProvider>
            </TRPCProvider>
          </QueryClientProvider>
        </NuqsAdapter>
      </ThemeProvider>
    </I18nProvider>
  );
}
