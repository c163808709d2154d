'use client';

import { useMemo } from 'react';
import { useMessages } from 'use-intl';
import { humanized } from '@/components/editor/schema.view';
import { unquoted } from '@/components/editor/words.view';

interface TypeWords {
  readonly name: string;
  readonly about: string;
  /** What people who know other tools may look for it by. */
  readonly words: string;
}
type Texts = Readonly<Record<string, string>>;

/**
 * Words for what the registries name. A plug-in that the catalogue has no word for yet is called by its
 * own name, so that it can be used at once.
 */
export function useWords() {
  const { editor } = useMessages();
  return useMemo(() => {
    const types: Readonly<Record<string, TypeWords>> = editor.types;
    const pick = (texts: Texts, key: string) => (Object.hasOwn(texts, key) ? (texts[key] ?? null) : null);
    const hint = (key: string) => {
      const text = pick(editor.hints, key);
      return text === null ? null : unquoted(text);
    };
    return {
      /**
       * A field's name may mean something else within another, such as `from` in the spans of a window; its widget
       * tells what it is more surely than its name.
       */
      field: (name: string, within = '', widget: unknown = '') =>
        pick(editor.fields, `widget_${String(widget)}`) ??
        pick(editor.fields, `${within}_${name}`) ??
        pick(editor.fields, name) ??
        humanized(name),
      hint: (name: string, within = '', widget: unknown = '') =>
        hint(`widget_${String(widget)}`) ?? hint(`${within}_${name}`) ?? hint(name),
      /** In forms outside of the editor, where a field of the same name may be something else. */
      ownHint: (name: string, within: string) => hint(`${within}_${name}`),
      // A dot would mean nesting in the catalogue.
      option: (value: string) => pick(editor.options, value.replace('.', '_')) ?? value,
      stageType: (type: string, label: string) => types[type] ?? { name: label, about: '', words: '' },
      strategy: (kind: string, label: string) => pick(editor.strategies, kind) ?? label,
      trigger: (type: string, label: string) => pick(editor.triggerTypes, type) ?? label,
    };
  }, [editor]);
}
