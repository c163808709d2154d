'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Issue } from '@/components/editor/issues.view';
import { useWords } from '@/components/editor/use-words';
import { wrongPlaces } from '@/components/settings/accounts.view';

interface WrongPlaces {
  /** For what holds the fields. */
  readonly fields: RefObject<HTMLDivElement | null>;
  /** What to look at, in a sentence; null when nothing is wrong. */
  readonly problem: string | null;
  /** Brings the first wrong field into view, with the focus. */
  readonly show: () => void;
}

/**
 * Makes what is wrong in the form of an account findable, however far it is scrolled.
 * @param issues all that the form marks
 * @param refused those of them that the server found: they are shown as they come
 */
export function useWrongPlaces(
  issues: readonly Issue[],
  refused: readonly Issue[],
  isNameWrong: boolean,
  configSchema: unknown,
): WrongPlaces {
  const t = useTranslations('settings.accounts');
  const words = useWords();
  const fields = useRef<HTMLDivElement>(null);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (times === 0 && refused.length === 0) return;
    // By the text of what is wrong, which is there only once it has been drawn.
    const field = fields.current?.querySelector('[id$="-error"]')?.parentElement;
    field?.scrollIntoView({ block: 'center' });
    field
      ?.querySelector<HTMLElement>('[aria-invalid="true"], input, textarea, [role="combobox"], button')
      ?.focus({ preventScroll: true });
  }, [times, refused]);
  const places = wrongPlaces(issues, configSchema);
  const marked = [
    ...(isNameWrong ? [t('name')] : []),
    ...places.fields.map((name) => words.field(name, 'account')),
  ];
  const sentences = [
    ...(marked.length > 0 ? [t('wrong', { fields: marked.join(', ') })] : []),
    ...places.others,
  ];
  return {
    fields,
    problem: sentences.join(' ') || null,
    show: () => setTimes((before) => before + 1),
  };
}
