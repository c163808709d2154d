'use client';

import { ChevronDown, ChevronUp, Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { Button, IconButton } from '@/components/ui/button';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';

interface ItemsTabProps<Item> {
  readonly items: readonly Item[];
  readonly titleOf: (item: Item, index: number) => string;
  readonly addLabel: string;
  readonly empty: ReactNode;
  readonly onAdd: () => void;
  readonly onChange: (items: readonly Item[]) => void;
  readonly children: (item: Item, index: number) => ReactNode;
}

/** Things of a pipeline that people add, order and remove: each a card with its form. */
export function ItemsTab<Item>(props: ItemsTabProps<Item>) {
  const { items, titleOf, addLabel, empty, onAdd, onChange, children } = props;
  const t = useTranslations('editor');
  const { readOnly, dispatch } = useEditor();
  const add = readOnly ? null : (
    <Button onClick={onAdd}>
      <Plus aria-hidden />
      {addLabel}
    </Button>
  );
  return (
    <div className="flex max-w-3xl flex-col gap-4" onBlur={() => dispatch({ type: 'settle' })}>
      {items.length === 0 ? <Card>{empty}</Card> : null}
      {items.map((item, index) => {
        const title = titleOf(item, index);
        return (
          // An item is what stands at a place: its own name is one of the things that change.
          // oxlint-disable-next-line react/no-array-index-key
          <Card key={index} aria-label={title}>
            <CardHeader>
              <CardTitle className="min-w-0 flex-1 truncate">{title}</CardTitle>
              {readOnly ? null : (
                <span className="flex">
                  <IconButton
                    size="sm"
                    label={t('moveUp', { number: index + 1 })}
                    disabled={index === 0}
                    onClick={() => onChange(swapped(items, index, index - 1))}
                  >
                    <ChevronUp aria-hidden />
                  </IconButton>
                  <IconButton
                    size="sm"
                    label={t('moveDown', { number: index + 1 })}
                    disabled={index === items.length - 1}
                    onClick={() => onChange(swapped(items, index, index + 1))}
                  >
                    <ChevronDown aria-hidden />
                  </IconButton>
                  <IconButton
                    size="sm"
                    label={t('removeNamed', { name: title })}
                    onClick={() => onChange(items.toSpliced(index, 1))}
                  >
                    <Trash2 aria-hidden />
                  </IconButton>
                </span>
              )}
            </CardHeader>
            <div className="flex flex-col gap-4 p-4">{children(item, index)}</div>
          </Card>
        );
      })}
      {add ? <div>{add}</div> : null}
    </div>
  );
}

function swapped<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  return items.flatMap((item, index) => {
    const other = index === from ? items[to] : index === to ? items[from] : item;
    return other === undefined ? [] : [other];
  });
}
