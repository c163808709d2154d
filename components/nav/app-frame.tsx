'use client';

import { Search } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { FreshnessMark } from '@/components/live/freshness-mark';
import { LiveProvider } from '@/components/live/live-provider';
import { ActionsProvider } from '@/components/nav/actions';
import { Breadcrumb } from '@/components/nav/breadcrumb';
import { CommandPalette } from '@/components/nav/command-palette';
import { BottomBar, Rail } from '@/components/nav/navigation';
import { LanguageMenu, PersonMenu, ThemeMenu } from '@/components/nav/preferences';
import { ShortcutLegend, useGlobalShortcuts } from '@/components/nav/shortcuts';
import { KeyHint } from '@/components/ui/key-hint';

/** Everything around a page: rail, top bar, live stream, palette, keys. */
export function AppFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('nav');
  const [palette, setPalette] = useState(false);
  const [legend, setLegend] = useState(false);
  const openPalette = useCallback(() => setPalette(true), []);
  const openLegend = useCallback(() => setLegend(true), []);
  useGlobalShortcuts({ onPalette: openPalette, onLegend: openLegend });

  return (
    <LiveProvider>
      <ActionsProvider>
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          {t('skip')}
        </a>
        <div className="flex min-h-dvh">
          <Rail />
          <div className="flex min-w-0 flex-1 flex-col">
            <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b bg-surface px-3 md:px-5">
              <Breadcrumb />
              <PaletteTrigger onOpen={openPalette} />
              <FreshnessMark />
              <LanguageMenu />
              <ThemeMenu />
              <PersonMenu onShowKeys={openLegend} />
            </header>
            <main
              id="content"
              tabIndex={-1}
              className="min-w-0 flex-1 px-3 pt-4 pb-24 focus:outline-none md:px-5 md:pb-8"
            >
              {children}
            </main>
          </div>
        </div>
        <BottomBar />
        <CommandPalette open={palette} onOpenChange={setPalette} />
        <ShortcutLegend open={legend} onOpenChange={setLegend} />
      </ActionsProvider>
    </LiveProvider>
  );
}

function PaletteTrigger({ onOpen }: { onOpen: () => void }) {
  const t = useTranslations('nav');
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={t('openPalette')}
      aria-keyshortcuts="Control+K Meta+K"
      className="mr-1 inline-flex h-8 items-center gap-2 rounded-md border bg-canvas px-2.5 text-muted text-sm hover:border-line-strong hover:text-ink max-lg:w-8 max-lg:justify-center max-lg:border-transparent max-lg:bg-transparent max-lg:px-0 lg:w-60"
    >
      <Search aria-hidden className="size-4 shrink-0" />
      <span className="flex-1 truncate text-left max-lg:hidden">{t('paletteShort')}</span>
      <KeyHint keys="Ctrl K" className="max-lg:hidden" />
    </button>
  );
}
