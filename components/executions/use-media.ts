'use client';

import { useSyncExternalStore } from 'react';

/** Room for a graph and the details beside it. */
export const WIDE = '(min-width: 1024px)';

/** Whether a media query holds; true on the server, where the wide layout is assumed. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', onChange);
      return () => media.removeEventListener('change', onChange);
    },
    () => window.matchMedia(query).matches,
    () => true,
  );
}
