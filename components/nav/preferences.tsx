'use client';

import { Languages, LogOut, Moon, Sun, SunMoon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { signOut } from 'next-auth/react';
import { useTheme } from 'next-themes';
import { useLocale, useTranslations } from 'use-intl';
import { isLocale, LOCALE_NAMES, LOCALES } from '@/components/i18n/locale';
import { rememberLocale } from '@/components/i18n/provider';
import { PHONE_PLACES, PLACES } from '@/components/nav/nav.view';
import { useMe } from '@/components/nav/use-me';
import { buttonVariants } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';

/** What a phone's bar has no room for; settings are in this menu on every screen. */
const OFF_PHONE = PLACES.filter(({ id }) => id !== 'settings' && !PHONE_PLACES.includes(id));

const trigger = cn(buttonVariants({ variant: 'ghost' }), 'w-8 px-0');

/** Which language the screens speak. */
export function LanguageMenu() {
  const t = useTranslations('nav');
  const locale = useLocale();
  const router = useRouter();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger aria-label={t('language')} title={t('language')} className={trigger}>
        <Languages aria-hidden />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuRadioGroup
          value={locale}
          onValueChange={(value) => {
            if (!isLocale(value)) return;
            rememberLocale(value);
            router.refresh();
          }}
        >
          {LOCALES.map((each) => (
            <DropdownMenuRadioItem key={each} value={each} lang={each}>
              {LOCALE_NAMES[each]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Light, dark or as the system says. */
export function ThemeMenu() {
  const t = useTranslations('nav');
  const { theme, setTheme } = useTheme();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger aria-label={t('theme')} title={t('theme')} className={trigger}>
        <Sun aria-hidden className="dark:hidden" />
        <Moon aria-hidden className="not-dark:hidden" />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuRadioGroup value={theme ?? 'system'} onValueChange={setTheme}>
          <DropdownMenuRadioItem value="light">
            <Sun aria-hidden />
            {t('themeLight')}
          </DropdownMenuRadioItem>
          <DropdownMenuRadioItem value="dark">
            <Moon aria-hidden />
            {t('themeDark')}
          </DropdownMenuRadioItem>
          <DropdownMenuRadioItem value="system">
            <SunMoon aria-hidden />
            {t('themeSystem')}
          </DropdownMenuRadioItem>
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Who is signed in, settings, and the way out. */
export function PersonMenu({ onShowKeys }: { onShowKeys: () => void }) {
  const t = useTranslations('nav');
  const router = useRouter();
  const me = useMe().data;
  const name = me?.displayName ?? '…';
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={t('person', { name })}
        className="ml-1 inline-flex size-8 items-center justify-center rounded-full border border-line-strong bg-sunken font-semibold text-muted text-xs uppercase hover:text-ink"
      >
        {Array.from(name)[0]}
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>
          <span className="block font-medium text-ink text-sm">{name}</span>
          {me?.username}
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        {OFF_PHONE.map(({ id, href }) => (
          <DropdownMenuItem key={id} className="md:hidden" onSelect={() => router.push(href)}>
            {t(id)}
          </DropdownMenuItem>
        ))}
        <DropdownMenuItem onSelect={() => router.push('/settings')}>{t('settings')}</DropdownMenuItem>
        <DropdownMenuItem onSelect={onShowKeys}>{t('keysTitle')}</DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut({ callbackUrl: '/signin' })}>
          <LogOut aria-hidden />
          {t('signOut')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
