'use client';

import { type RefObject, useEffect } from 'react';

/**
 * A key that moves the focus to an element and does nothing else: the act itself needs a second,
 * deliberate press. Silent while someone types and after `g`, which begins a "go to".
 */
export function useFocusKey(key: string, target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let before = '';
    const onKeyDown = (event: KeyboardEvent) => {
      const goTo = before === 'g';
      before = event.key;
      if (goTo) return;
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      if (
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [contenteditable]')
      )
        return;
      if (!target.current) return;
      event.preventDefault();
      target.current.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [key, target]);
}
