'use client';

import { createContext, type Dispatch, useContext } from 'react';
import type { Draft } from '@/components/editor/draft.view';
import type { EditorAction } from '@/components/editor/editor.view';
import type { Issue } from '@/components/editor/issues.view';
import type { NamedWidget } from '@/components/editor/schema.view';
import type { Catalogue } from '@/server/domain/views/admin';

/** What every part of the editor may need. */
export interface EditorContextValue {
  readonly application: string;
  readonly draft: Draft;
  readonly selected: string | null;
  /** Changes when another stage is selected, and not when the selected one gets another reference. */
  readonly panel: number;
  readonly dispatch: Dispatch<EditorAction>;
  readonly issues: readonly Issue[];
  /** What is only missing yet, in what someone has just begun: said, but not as an error. */
  readonly hints: readonly Issue[];
  readonly catalogue: Catalogue;
  /** Names that a field of a kind may hold, as far as they are known. */
  readonly choices: Readonly<Record<NamedWidget, readonly string[]>>;
  /** True for those who may only look, and while the text cannot be read. */
  readonly readOnly: boolean;
}

const NO_HINTS: readonly Issue[] = [];

export const EditorContext = createContext<EditorContextValue | null>(null);

/** What is only missing yet; nothing in forms that stand outside of the editor. */
export function useHints(): readonly Issue[] {
  return useContext(EditorContext)?.hints ?? NO_HINTS;
}

export function useEditor(): EditorContextValue {
  const value = useContext(EditorContext);
  if (!value) throw new Error('a part of the editor was rendered outside of it');
  return value;
}
