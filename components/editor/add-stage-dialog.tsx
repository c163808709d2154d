'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import type { Where } from '@/components/editor/graph-edits.view';
import { asSchema, initialOf } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { STAGE_GROUPS } from '@/server/domain/stage-group';

interface AddStageDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Which stage, and where: after the selected one, beside it, or on its own. */
export function AddStageDialog({ open, onOpenChange }: AddStageDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <Choice onDone={() => onOpenChange(false)} /> : null}
    </Dialog>
  );
}

function Choice({ onDone }: { onDone: () => void }) {
  const t = useTranslations('editor');
  const words = useWords();
  const { draft, selected, dispatch, catalogue } = useEditor();
  const places = placesFor(selected);
  const [place, setPlace] = useState(places[0]?.kind ?? 'start');
  const [wanted, setWanted] = useState('');
  const anchor = draft.stages.find((stage) => stage.refId === selected);
  const offered = catalogue.stages
    .filter((stage) => stage.authorable)
    .map((stage) => ({ ...stage, ...words.stageType(stage.type, stage.label) }))
    .filter(({ type, name, about }) =>
      `${type} ${name} ${about}`.toLowerCase().includes(wanted.toLowerCase()),
    );
  const add = (type: string, name: string, configSchema: unknown) => {
    const where = places.find(({ kind }) => kind === place) ?? { kind: 'start' as const };
    const config = asSchema(initialOf(asSchema(configSchema)));
    dispatch({ type: 'add', stage: { type, name, config }, where });
    onDone();
  };
  return (
    <DialogContent title={t('addStage')} description={t('addStageHint')} className="sm:w-[min(44rem,94vw)]">
      <div className="flex flex-col gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t('find')}>
            {(control) => (
              <Input {...control} value={wanted} onChange={(event) => setWanted(event.target.value)} />
            )}
          </Field>
          {anchor ? (
            <Field label={t('where')}>
              {(control) => (
                <Select
                  {...control}
                  className="w-full"
                  value={place}
                  onValueChange={(next) => setPlace(places.find(({ kind }) => kind === next)?.kind ?? place)}
                  options={places.map(({ kind }) => ({
                    value: kind,
                    label: t(`places.${kind}`, { stage: anchor.name || anchor.refId }),
                  }))}
                />
              )}
            </Field>
          ) : null}
        </div>
        {STAGE_GROUPS.map((group) => {
          const types = offered.filter((stage) => stage.group === group);
          if (types.length === 0) return null;
          return (
            <section key={group} aria-label={t(`groups.${group}`)}>
              <h3 className="mb-1.5 font-semibold text-muted text-xs">{t(`groups.${group}`)}</h3>
              <ul className="grid gap-1.5 sm:grid-cols-2">
                {types.map(({ type, name, about, configSchema }) => (
                  <li key={type}>
                    <button
                      type="button"
                      onClick={() => add(type, name, configSchema)}
                      className="flex h-full w-full flex-col rounded-md border px-3 py-2 text-left hover:border-line-strong hover:bg-sunken"
                    >
                      <span className="font-medium text-sm">{name}</span>
                      <span className="text-muted text-xs">{about}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        {offered.length === 0 ? <p className="text-muted text-sm">{t('noneFound')}</p> : null}
      </div>
    </DialogContent>
  );
}

function placesFor(selected: string | null): readonly Where[] {
  if (selected === null) return [{ kind: 'start' }];
  return [{ kind: 'after', refId: selected }, { kind: 'beside', refId: selected }, { kind: 'start' }];
}
