'use client';

import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import type { Where } from '@/components/editor/graph-edits.view';
import { asSchema, initialOf } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { cn } from '@/components/ui/cn';
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
  const t = useTranslations('editor');
  const hasAdded = useRef(false);
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t('addStage')}
        description={t('addStageHint')}
        className="sm:w-[min(44rem,94vw)]"
        onCloseAutoFocus={(event) => {
          if (!hasAdded.current) return;
          hasAdded.current = false;
          event.preventDefault();
          focusNewStage();
        }}
      >
        <Choice
          onAdded={() => {
            hasAdded.current = true;
            onOpenChange(false);
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

function focusNewStage(): void {
  const field = document.querySelector<HTMLInputElement>('[data-stage-name]');
  field?.focus();
  field?.select();
}

function Choice({ onAdded }: { onAdded: () => void }) {
  const t = useTranslations('editor');
  const { selected, dispatch } = useEditor();
  const places = placesFor(selected);
  const [place, setPlace] = useState(places[0]?.kind ?? 'start');
  const [wanted, setWanted] = useState('');
  const { offered, best } = useOffers(wanted);
  const add = ({ type, name, configSchema }: Offer) => {
    const where = places.find(({ kind }) => kind === place) ?? { kind: 'start' as const };
    const config = asSchema(initialOf(asSchema(configSchema)));
    dispatch({ type: 'add', stage: { type, name, config }, where });
    onAdded();
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t('find')}>
          {(control) => (
            <Input
              {...control}
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
              onKeyDown={(event) => {
                // Enter ends a syllable of Korean before it means anything else.
                if (event.key !== 'Enter' || event.nativeEvent.isComposing || !best) return;
                event.preventDefault();
                add(best);
              }}
            />
          )}
        </Field>
        <PlaceField places={places} place={place} onPlace={setPlace} />
      </div>
      {STAGE_GROUPS.map((group) => (
        <OfferGroup
          key={group}
          label={t(`groups.${group}`)}
          offers={offered.filter((offer) => offer.group === group)}
          best={best}
          onAdd={add}
        />
      ))}
      {offered.length === 0 ? <p className="text-muted text-sm">{t('noneFound')}</p> : null}
    </div>
  );
}

type Offer = ReturnType<typeof useOffers>['offered'][number];

/** The types that fit what is looked for, by their own words and by those of other tools; and the one Enter takes. */
function useOffers(wanted: string) {
  const words = useWords();
  const { catalogue } = useEditor();
  const text = wanted.trim().toLowerCase();
  const fitting = catalogue.stages
    .filter((stage) => stage.authorable)
    .map((stage) => ({ ...stage, ...words.stageType(stage.type, stage.label) }))
    .filter(({ type, name, about, words: others }) =>
      `${type} ${name} ${about} ${others}`.toLowerCase().includes(text),
    );
  const offered = STAGE_GROUPS.flatMap((group) => fitting.filter((stage) => stage.group === group));
  // What is called so goes before what is only found by another word.
  const named = offered.find(({ name }) => name.toLowerCase().startsWith(text));
  return { offered, best: text === '' ? undefined : (named ?? offered[0]) };
}

interface OfferGroupProps {
  readonly label: string;
  readonly offers: readonly Offer[];
  readonly best: Offer | undefined;
  readonly onAdd: (offer: Offer) => void;
}

function OfferGroup({ label, offers, best, onAdd }: OfferGroupProps) {
  if (offers.length === 0) return null;
  return (
    <section aria-label={label}>
      <h3 className="mb-1.5 font-semibold text-muted text-xs">{label}</h3>
      <ul className="grid gap-1.5 sm:grid-cols-2">
        {offers.map((offer) => (
          <li key={offer.type}>
            <button
              type="button"
              onClick={() => onAdd(offer)}
              className={cn(
                'flex h-full w-full flex-col rounded-md border px-3 py-2 text-left hover:border-line-strong hover:bg-sunken',
                offer.type === best?.type && 'border-accent bg-accent-soft',
              )}
            >
              <span className="font-medium text-sm">{offer.name}</span>
              <span className="text-muted text-xs">{offer.about}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface PlaceFieldProps {
  readonly places: readonly Where[];
  readonly place: Where['kind'];
  readonly onPlace: (place: Where['kind']) => void;
}

function PlaceField({ places, place, onPlace }: PlaceFieldProps) {
  const t = useTranslations('editor');
  const { draft, selected } = useEditor();
  const anchor = draft.stages.find((stage) => stage.refId === selected);
  if (!anchor) return null;
  return (
    <Field label={t('where')}>
      {(control) => (
        <Select
          {...control}
          className="w-full"
          value={place}
          onValueChange={(next) => onPlace(places.find(({ kind }) => kind === next)?.kind ?? place)}
          options={places.map(({ kind }) => ({
            value: kind,
            label: t(`places.${kind}`, { stage: anchor.name || anchor.refId }),
          }))}
        />
      )}
    </Field>
  );
}

function placesFor(selected: string | null): readonly Where[] {
  if (selected === null) return [{ kind: 'start' }];
  return [{ kind: 'after', refId: selected }, { kind: 'beside', refId: selected }, { kind: 'start' }];
}
