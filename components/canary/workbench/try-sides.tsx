'use client';

import { ArrowLeftRight } from 'lucide-react';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { Fold } from '@/components/canary/workbench/fold';
import {
  isSame,
  type TypedSide,
  type TypedSides,
  withLocation,
  withScope,
} from '@/components/canary/workbench/scopes.view';
import { RecordControl } from '@/components/editor/form/record-control';
import { SuggestedInput } from '@/components/editor/form/suggested-input';
import { asSchema, plainText } from '@/components/editor/schema.view';
import { VersionTag } from '@/components/status/version-tag';
import { Button } from '@/components/ui/button';
import type { ScopeSuggestion } from '@/server/domain/views/canary';

interface TrySidesProps {
  readonly sides: TypedSides;
  readonly suggestions: readonly ScopeSuggestion[];
  readonly onChange: (sides: TypedSides) => void;
}

/** What is compared with what. */
export function TrySides({ sides, suggestions, onChange }: TrySidesProps) {
  const t = useTranslations('workbench.try');
  const id = useId();
  return (
    <div className="flex flex-col gap-3">
      <Side
        name="baseline"
        side={sides.baseline}
        suggestions={suggestions}
        onChange={(baseline) => onChange({ ...sides, baseline })}
      />
      <Side
        name="canary"
        side={sides.canary}
        suggestions={suggestions}
        onChange={(canary) => onChange({ ...sides, canary })}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          size="sm"
          variant="ghost"
          onClick={() => onChange({ ...sides, baseline: sides.canary, canary: sides.baseline })}
        >
          <ArrowLeftRight aria-hidden />
          {t('swap')}
        </Button>
        {isSame(sides) && sides.canary.scope !== '' ? (
          <p className="text-muted text-xs">{t('sameSides')}</p>
        ) : null}
      </div>
      <Fold title={t('extra')} path="extra.">
        <p className="text-muted text-xs">{t('extraHint')}</p>
        <RecordControl
          aria={{ id: `${id}-extra`, 'aria-describedby': undefined, 'aria-invalid': undefined }}
          value={sides.extra}
          standard={undefined}
          path="extra"
          schema={TEXT}
          onChange={(next) => onChange({ ...sides, extra: textsOf(next) })}
        />
      </Fold>
    </div>
  );
}

const TEXT = { type: 'string' } as const;

function textsOf(value: unknown): TypedSides['extra'] {
  return Object.fromEntries(Object.entries(asSchema(value)).map(([name, text]) => [name, plainText(text)]));
}

interface SideProps {
  readonly name: 'baseline' | 'canary';
  readonly side: TypedSide;
  readonly suggestions: readonly ScopeSuggestion[];
  readonly onChange: (side: TypedSide) => void;
}

function Side({ name, side, suggestions, onChange }: SideProps) {
  const t = useTranslations('workbench.try');
  const id = useId();
  const aria = (field: string) => ({
    id: `${id}-${field}`,
    'aria-describedby': undefined,
    'aria-invalid': undefined,
  });
  const scopes = [...new Set(suggestions.map(({ scope }) => scope))];
  const places = suggestions.filter(({ scope }) => scope === side.scope || side.scope === '');
  const locations = [...new Set(places.map(({ location }) => location))].filter(Boolean);
  return (
    <fieldset className="grid min-w-0 grid-cols-[minmax(0,2fr)_minmax(0,1fr)] gap-2">
      <legend className="mb-1 flex items-center gap-2 font-semibold text-muted text-xs">
        {t(name)}
        {side.version === undefined ? null : <VersionTag version={side.version} />}
      </legend>
      <div className="flex min-w-0 flex-col gap-1">
        <label htmlFor={`${id}-scope`} className="font-medium text-sm">
          {t('scope')}
        </label>
        <SuggestedInput
          aria={aria('scope')}
          value={side.scope}
          standard={undefined}
          path=""
          names={scopes}
          onChange={(next) => onChange(withScope(side, plainText(next), suggestions))}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <label htmlFor={`${id}-location`} className="font-medium text-sm">
          {t('location')}
        </label>
        <SuggestedInput
          aria={aria('location')}
          value={side.location}
          standard={undefined}
          path=""
          names={locations}
          onChange={(next) => onChange(withLocation(side, plainText(next), suggestions))}
        />
      </div>
    </fieldset>
  );
}
