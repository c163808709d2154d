'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { PLACES, pressKey, type ShortcutAction } from '@/components/nav/nav.view';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { KeyHint } from '@/components/ui/key-hint';

/** A second key later than this is a new beginning. */
const SEQUENCE_MS = 1_200;

/** Whether keys are text now, or belong to an open dialog or menu. */
export function keysBelongElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"]'))
    return true;
  return document.querySelector('[role="dialog"][data-state="open"]:not([data-keys="through"])') !== null;
}

interface ShortcutHandlers {
  readonly onPalette: () => void;
  readonly onLegend: () => void;
}

/** The keys that work on every page. */
export function useGlobalShortcuts({ onPalette, onLegend }: ShortcutHandlers): void {
  const router = useRouter();
  const pending = useRef({ keys: '', at: 0 });

  useEffect(() => {
    const act = (action: ShortcutAction) => {
      if (action === 'legend') onLegend();
      else if (action === 'search') document.querySelector<HTMLInputElement>('[data-page-search]')?.focus();
      else router.push(PLACES.find(({ id }) => id === action)?.href ?? '/');
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onPalette();
        return;
      }
      if (keysBelongElsewhere(event)) return;
      const fresh = event.timeStamp - pending.current.at < SEQUENCE_MS;
      const step = pressKey(fresh ? pending.current.keys : '', event.key);
      pending.current = { keys: step.pending, at: event.timeStamp };
      if (!step.action) return;
      event.preventDefault();
      act(step.action);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [router, onPalette, onLegend]);
}

/** The list of keys. */
export function ShortcutLegend({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations('nav');
  const rows = [
    ['Ctrl K', t('keysPalette')],
    ['/', t('keysSearch')],
    ['g b', t('keysGoBoard')],
    ['g a', t('keysGoApplications')],
    ['g w', t('keysGoWaiting')],
    ['g f', t('keysGoFeatures')],
    ['j k', t('keysRows')],
    ['← → ↑ ↓', t('keysCells')],
    ['d', t('keysDeploy')],
    ['r', t('keysRollback')],
    ['?', t('keysLegend')],
  ] as const;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('keysTitle')} description={t('keysDescription')}>
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5 text-sm">
          {rows.map(([keys, meaning]) => (
            <div key={keys} className="contents">
              <dt>
                <KeyHint keys={keys} />
                <span className="sr-only">{keys}</span>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
