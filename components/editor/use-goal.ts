'use client';

import { useEffect, useState } from 'react';

/** Brings a person to the field of a path as soon as it is drawn: unfolds what hides it, and focuses it. */
export function useGoal(): (path: string) => void {
  const [goal, setGoal] = useState<{ readonly path: string } | null>(null);
  useEffect(() => {
    if (goal === null) return;
    // Tab and stage change in the same step; their fields are there after the next painting.
    const frame = requestAnimationFrame(() => focusField(goal.path));
    return () => cancelAnimationFrame(frame);
  }, [goal]);
  return (path) => setGoal({ path });
}

function focusField(path: string): void {
  const fields = [...document.querySelectorAll<HTMLElement>('[data-path]')];
  const around = fields.filter(
    ({ dataset: { path: own = '' } }) => path === own || path.startsWith(`${own}.`),
  );
  const field = around.reduce<HTMLElement | null>(
    (best, one) => ((one.dataset['path'] ?? '').length > (best?.dataset['path'] ?? '').length ? one : best),
    null,
  );
  if (!field) return;
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) {
    fold.open = true;
  }
  field.scrollIntoView({ block: 'center' });
  for (const selector of ['[aria-invalid="true"]', 'input, textarea, [role="combobox"]', 'button']) {
    const control = field.querySelector<HTMLElement>(selector);
    if (control) return control.focus();
  }
}
