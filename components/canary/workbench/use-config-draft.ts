'use client';

import { useCallback, useState } from 'react';
import { comparableText } from '@/components/canary/workbench/config.view';
import type { TypedText } from '@/components/canary/workbench/json-pane';
import type { SavedState } from '@/components/canary/workbench/use-config-save';
import type { CanaryConfig } from '@/server/domain/canary';

interface DraftOptions {
  /** Null for a new one. */
  readonly saved: SavedState | null;
  readonly start: { readonly config: CanaryConfig; readonly source: string };
}

/** A configuration while someone writes it, and what it began at. */
export function useConfigDraft({ saved, start }: DraftOptions) {
  const [base, setBase] = useState<SavedState | null>(saved);
  const [config, setConfig] = useState(start.config);
  const [source, putSource] = useState(start.source);
  const [typed, setTyped] = useState<TypedText | null>(null);
  const isBroken = typed !== null && typed.problems.length > 0;
  const put = useCallback((next: CanaryConfig | ((now: CanaryConfig) => CanaryConfig)) => {
    setConfig(next);
    // The text as it was typed means something else from now on.
    setTyped(null);
  }, []);
  return {
    config,
    source,
    base,
    typed,
    /** The text was typed so that it cannot be read; `config` is the last that could. */
    isBroken,
    isDirty: isBroken || !isAsSaved(base, config, source),
    put,
    putSource,
    setTyped,
    /** Goes back to the last text that could be read. */
    discardText: () => setTyped(null),
    setBase,
    /** Goes on with what somebody else saved. */
    take: (theirs: SavedState) => {
      setBase(theirs);
      put(theirs.config);
      putSource(theirs.source);
    },
  };
}
export type ConfigDraft = ReturnType<typeof useConfigDraft>;

function isAsSaved(base: SavedState | null, config: CanaryConfig, source: string): boolean {
  return base !== null && base.source === source && comparableText(base.config) === comparableText(config);
}
