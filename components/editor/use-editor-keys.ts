'use client';

import { type Dispatch, useEffect } from 'react';
import type { EditorAction } from '@/components/editor/editor.view';

/** Ctrl/Cmd with Z, Shift+Z or Y, and S. The text editor has an undo of its own. */
export function useEditorKeys(dispatch: Dispatch<EditorAction>, onSave: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const inText = event.target instanceof Element && event.target.closest('.cm-editor') !== null;
      const key = event.key.toLowerCase();
      if (key === 's') onSave();
      else if (inText) return;
      else if (key === 'z') dispatch({ type: event.shiftKey ? 'redo' : 'undo' });
      else if (key === 'y') dispatch({ type: 'redo' });
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [dispatch, onSave]);
}
