'use client';

import { useEffect, useState } from 'react';

/**
 * Keeps people from losing what they have not saved: the browser asks before the page is closed or loaded
 * anew, and a link within the page is held until someone says that they mean it.
 */
export function useLeaveGuard(isDirty: boolean) {
  const [held, setHeld] = useState<string | null>(null);
  useEffect(() => {
    if (!isDirty) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      if (!(link instanceof HTMLAnchorElement) || !leavesPage(link, event)) return;
      event.preventDefault();
      event.stopPropagation();
      setHeld(link.pathname + link.search + link.hash);
    };
    window.addEventListener('beforeunload', onUnload);
    // Before the router's own listener, which sits further in.
    document.addEventListener('click', onClick, true);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, true);
    };
  }, [isDirty]);
  return { held, stay: () => setHeld(null) };
}

function leavesPage(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const opensElsewhere =
    event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || link.target === '_blank';
  return (
    !opensElsewhere && link.origin === window.location.origin && link.pathname !== window.location.pathname
  );
}
