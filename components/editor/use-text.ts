'use client';

import { type Dispatch, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Draft, readDraft, type TextProblem } from '@/components/editor/draft.view';
import type { EditorAction } from '@/components/editor/editor.view';
import { placeIn, positionOf, scanJson } from '@/components/editor/json-places.view';

/** What was typed and cannot be drawn; the rest of the editor still shows the last that could. */
export interface BrokenText {
  readonly text: string;
  readonly problems: readonly TextProblem[];
}

export interface EditorText {
  readonly broken: BrokenText | null;
  /** What was typed last, as it was typed, while it still means the draft; null otherwise. */
  readonly typed: string | null;
  readonly onType: (text: string) => void;
  readonly discard: () => void;
}

/** The text of the draft as someone types it. `fixedName` is that of a pipeline that is saved already. */
export function useText(
  draft: Draft,
  dispatch: Dispatch<EditorAction>,
  fixedName: string | null,
): EditorText {
  const t = useTranslations('editor');
  const [typed, setTyped] = useState<{ readonly text: string; readonly draft: Draft } | null>(null);
  const [broken, setBroken] = useState<BrokenText | null>(null);
  const isSame = typed !== null && JSON.stringify(typed.draft) === JSON.stringify(draft);
  const onType = (text: string) => {
    const read = readDraft(text);
    if (read.draft === null) setBroken({ text, problems: read.problems });
    else if (fixedName !== null && read.draft.name !== fixedName) {
      setBroken({ text, problems: [nameProblem(text, t('nameFixed'))] });
    } else {
      setBroken(null);
      setTyped({ text, draft: read.draft });
      dispatch({ type: 'edit', draft: read.draft });
    }
  };
  return { broken, typed: isSame ? typed.text : null, onType, discard: () => setBroken(null) };
}

function nameProblem(text: string, message: string): TextProblem {
  const scan = scanJson(text);
  const place = scan.ok ? placeIn(scan.places, 'name') : { from: 0, to: 0 };
  return { ...place, ...positionOf(text, place.from), path: 'name', message };
}
