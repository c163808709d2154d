'use client';

import { ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { plainText } from '@/components/editor/schema.view';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/field';

interface SuggestedProps extends ControlProps {
  readonly names: readonly string[];
}

/** More than the time zones there are, and fewer than would make the list slow. */
const MOST = 500;

/** A name that is typed freely, or chosen from those that are known. */
export function SuggestedInput({ value, onChange, standard, aria, names }: SuggestedProps) {
  const { readOnly } = useForm();
  const input = useRef<HTMLInputElement>(null);
  const text = plainText(value);
  const list = useNameList(names, text);
  const put = (next: string) => onChange(next === '' ? undefined : next);
  const choose = (name: string) => {
    put(name);
    list.close();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const active = list.shown[list.at];
    if (step !== undefined) list.move(step);
    else if (event.key === 'Enter' && list.isOpen && active !== undefined) choose(active);
    else if (event.key === 'Escape' && list.isOpen) list.close();
    else return;
    event.preventDefault();
  };
  return (
    <Popover.Root open={list.isOpen && !readOnly} onOpenChange={(open) => !open && list.close()}>
      <Popover.Anchor className="relative block">
        <Input
          {...aria}
          ref={input}
          role="combobox"
          aria-expanded={list.isOpen}
          aria-controls={`${aria.id}-names`}
          aria-autocomplete="list"
          aria-activedescendant={list.isOpen && list.at >= 0 ? `${aria.id}-name-${list.at}` : undefined}
          readOnly={readOnly}
          autoComplete="off"
          spellCheck={false}
          className="pr-8"
          value={text}
          placeholder={typeof standard === 'string' ? standard : undefined}
          onChange={({ target }) => {
            put(target.value);
            list.open('fitting');
          }}
          onBlur={list.close}
          onKeyDown={onKeyDown}
        />
        <ListButton
          isHidden={readOnly}
          onPress={() => {
            if (list.isOpen) list.close();
            else list.open('all');
            input.current?.focus();
          }}
        />
      </Popover.Anchor>
      <NameList id={aria.id} shown={list.shown} at={list.at} chosen={text} onChoose={choose} />
    </Popover.Root>
  );
}

/** Which names are shown, and which of them the arrow keys stand on. */
function useNameList(names: readonly string[], text: string) {
  const [mode, setMode] = useState<'closed' | 'all' | 'fitting'>('closed');
  const [at, setAt] = useState(-1);
  const wanted = text.toLowerCase();
  const fitting =
    mode === 'fitting' ? names.filter((name) => name.toLowerCase().includes(wanted) && name !== text) : names;
  const shown = fitting.slice(0, MOST);
  const open = (next: 'all' | 'fitting') => {
    setMode(next);
    setAt(-1);
  };
  return {
    shown,
    at,
    open,
    // Free text that fits nothing needs no list beside it.
    isOpen: mode === 'all' || (mode === 'fitting' && shown.length > 0),
    close: () => setMode('closed'),
    move: (step: number) => {
      if (mode === 'closed') open('all');
      else setAt(Math.max(0, Math.min(shown.length - 1, at + step)));
    },
  };
}

function ListButton({ isHidden, onPress }: { isHidden: boolean; onPress: () => void }) {
  if (isHidden) return null;
  return (
    // Not a stop of its own: the arrow keys of the field open the same list.
    <span
      aria-hidden
      data-names-button
      onPointerDown={(event) => {
        // The field must not lose the focus, which would close what this opens.
        event.preventDefault();
        onPress();
      }}
      className="absolute inset-y-0 right-0 flex w-8 cursor-pointer items-center justify-center text-muted hover:text-ink"
    >
      <ChevronDown className="size-4" />
    </span>
  );
}

interface NameListProps {
  readonly id: string;
  readonly shown: readonly string[];
  readonly at: number;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

function NameList({ id, shown, at, chosen, onChoose }: NameListProps) {
  const t = useTranslations('editor');
  return (
    <Popover.Portal>
      <Popover.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
        className="scroll-slim z-50 max-h-64 w-(--radix-popover-trigger-width) overflow-y-auto rounded-lg border bg-surface p-1 shadow-lift"
      >
        <div id={`${id}-names`} role="listbox" aria-label={t('knownNames')}>
          {shown.map((name, index) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field holds the focus and the keys
            <div
              key={name}
              id={`${id}-name-${index}`}
              role="option"
              aria-selected={name === chosen}
              ref={index === at ? scrollIntoList : undefined}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onChoose(name)}
              className={cn(
                'flex min-h-8 cursor-default items-center truncate rounded-sm px-2 text-sm hover:bg-sunken',
                name === chosen && 'font-medium text-accent-ink',
                index === at && 'bg-sunken',
              )}
            >
              {name}
            </div>
          ))}
        </div>
        {shown.length === 0 ? <p className="px-2 py-1.5 text-muted text-sm">{t('noNames')}</p> : null}
      </Popover.Content>
    </Popover.Portal>
  );
}

function scrollIntoList(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
