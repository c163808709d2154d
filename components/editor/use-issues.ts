'use client';

import { useMemo, useState } from 'react';
import type { EditorState } from '@/components/editor/editor.view';
import { type Issue, sortIssues } from '@/components/editor/issues.view';

const NO_ISSUES: readonly Issue[] = [];

/**
 * What the check found: what is wrong, and what someone has only not come to yet. Once they try to save
 * (`insist`), what they have begun until then is wrong as well.
 */
export function useIssues(
  found: readonly Issue[] | null,
  { draft, fresh, past }: EditorState,
  isNew: boolean,
) {
  const [insisted, setInsisted] = useState<ReadonlySet<string> | null>(null);
  const isUntouched = isNew && past.length === 0 && insisted === null;
  const sorted = useMemo(() => {
    const begun = new Set([...fresh].filter((refId) => !insisted?.has(refId)));
    return sortIssues(found ?? NO_ISSUES, draft, isUntouched || begun);
  }, [found, draft, fresh, insisted, isUntouched]);
  return { ...sorted, insist: () => setInsisted(fresh) };
}
