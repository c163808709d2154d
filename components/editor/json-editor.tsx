'use client';

import { json } from '@codemirror/lang-json';
import { type Diagnostic, linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import { useTheme } from 'next-themes';
import { useEffect, useMemo, useState } from 'react';
import type { Place } from '@/components/editor/json-places.view';

export interface TextMark extends Place {
  readonly message: string;
}

interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  readonly marks: readonly TextMark[];
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** The tokens of the page, over whatever the editor's own theme brings. */
export const PAGE_THEME = EditorView.theme({
  '&': { backgroundColor: 'var(--surface) !important', fontSize: '12px' },
  '.cm-gutters': {
    backgroundColor: 'var(--canvas) !important',
    color: 'var(--muted)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-content': { fontFamily: 'var(--font-mono)' },
  // As a whole: the merge view paints them by its own idea of light and dark.
  '.cm-collapsedLines': { color: 'var(--muted)', background: 'var(--sunken)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--sunken) !important' },
});
const BASIC = { foldGutter: true, autocompletion: false, searchKeymap: true };

/** The definition as text, with what is wrong marked where it is wrong. */
export function JsonEditor({ label, text, marks, readOnly, onChange }: JsonEditorProps) {
  const { resolvedTheme } = useTheme();
  const [view, setView] = useState<EditorView | null>(null);
  useEffect(() => {
    if (!view) return;
    const end = view.state.doc.length;
    const diagnostics = marks.map(({ from, to, message }): Diagnostic => {
      // An answer may be about a text that has become shorter since.
      return { from: Math.min(from, end), to: Math.min(to, end), severity: 'error', message };
    });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }, [view, marks]);
  // New ones would make the editor forget its marks.
  const extensions = useMemo(
    () => [
      json(),
      // Its marks come from outside.
      linter(null),
      lintGutter(),
      PAGE_THEME,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ],
    [label],
  );
  return (
    <CodeMirror
      value={text}
      height="min(38rem, calc(100dvh - 20rem))"
      minHeight="18rem"
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      basicSetup={BASIC}
      // Tab leaves the editor, as everywhere on the page.
      indentWithTab={false}
      readOnly={readOnly}
      extensions={extensions}
      onCreateEditor={setView}
      onChange={onChange}
    />
  );
}
