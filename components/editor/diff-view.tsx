'use client';

import { json } from '@codemirror/lang-json';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, EditorView } from '@uiw/react-codemirror';
import { useEffect, useRef } from 'react';
import { PAGE_THEME } from '@/components/editor/json-editor';
import { useMedia } from '@/components/ui/use-media';

interface DiffViewProps {
  readonly before: string;
  readonly after: string;
  readonly beforeLabel: string;
  readonly afterLabel: string;
  readonly language?: 'json' | 'text';
  /** One under the other wherever it is, for narrow places. */
  readonly unified?: boolean;
}

const COLLAPSE = { margin: 3, minSize: 6 };

/** Two texts and what differs: side by side where there is room, one under the other elsewhere. */
export function DiffView(props: DiffViewProps) {
  const { before, after, beforeLabel, afterLabel, language = 'json', unified = false } = props;
  const parent = useRef<HTMLDivElement>(null);
  const isWide = useMedia('(min-width: 64rem)') && !unified;
  useEffect(() => {
    const element = parent.current;
    if (!element) return;
    const extensions = (label: string) => [
      language === 'json' ? json() : [],
      PAGE_THEME,
      EditorView.lineWrapping,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ];
    if (isWide) {
      const view = new MergeView({
        a: { doc: before, extensions: extensions(beforeLabel) },
        b: { doc: after, extensions: extensions(afterLabel) },
        parent: element,
        collapseUnchanged: COLLAPSE,
        // Where all is new, marking every word says nothing.
        highlightChanges: before !== '',
        gutter: true,
      });
      return () => view.destroy();
    }
    const view = new EditorView({
      doc: after,
      parent: element,
      extensions: [
        extensions(afterLabel),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          collapseUnchanged: COLLAPSE,
          highlightChanges: before !== '',
        }),
      ],
    });
    return () => view.destroy();
  }, [before, after, beforeLabel, afterLabel, language, isWide]);
  return (
    <div>
      {unified ? null : (
        <div className="hidden grid-cols-2 border-b text-muted text-xs lg:grid">
          <span className="px-3 py-1.5">{beforeLabel}</span>
          <span className="border-l px-3 py-1.5">{afterLabel}</span>
        </div>
      )}
      <div ref={parent} className="scroll-slim max-h-[min(38rem,65dvh)] overflow-auto" />
    </div>
  );
}
