'use client';

import { useTranslations } from 'use-intl';
import { variantColours } from '@/components/features/features.view';
import {
  mostOf,
  newSplit,
  percentOf,
  restOf,
  roundPercent,
  variantsOf,
  withPercent,
  withVariant,
} from '@/components/features/split.view';
import { Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { Serve, Split } from '@/server/domain/toggle-rules';
import { movesBetween } from '@/server/toggles/rules/moves';

interface SplitEditorProps {
  readonly split: Split;
  readonly before: Serve | null;
  readonly variants: readonly string[];
  /** Gets what is left, when it takes part. */
  readonly rest: string | null;
  readonly onChange: (split: Split) => void;
}

/** A slider for every variant but the one that takes the rest; whoever need not move does not. */
export function SplitEditor({ split, before, variants, rest: preferred, onChange }: SplitEditorProps) {
  const t = useTranslations('features.rules');
  const rest = restOf(split, preferred);
  const taking = variantsOf(split);
  const colours = variantColours(variants);
  const absent = variants.filter((variant) => !taking.includes(variant));
  return (
    <div className="flex flex-col gap-3">
      {taking
        .filter((variant) => variant !== rest)
        .map((variant) => (
          <ShareSlider
            key={variant}
            variant={variant}
            colour={colours.get(variant)}
            percent={percentOf(split, variant)}
            most={mostOf(split, variant, rest)}
            onChange={(percent) => onChange(withPercent(split, variant, percent, rest))}
          />
        ))}
      <p className="flex items-center gap-2 text-sm">
        <span aria-hidden className="size-2.5 rounded-xs" style={{ background: colours.get(rest) }} />
        {t('rest', { variant: rest, percent: roundPercent(percentOf(split, rest)) })}
      </p>
      {absent.length > 0 ? (
        <Select
          aria-label={t('addVariant')}
          className="self-start"
          placeholder={t('addVariant')}
          value={undefined}
          onValueChange={(variant) => onChange(withVariant(split, variant))}
          options={absent.map((value) => ({ value, label: value }))}
        />
      ) : null}
      <label className="flex flex-wrap items-center gap-2 text-sm">
        {t('splitBy')}
        <Input
          className="w-44"
          placeholder={t('targetingKey')}
          value={split.by ?? ''}
          onChange={({ target }) => onChange({ ...split, by: target.value.trim() || null })}
        />
      </label>
      <WhoMoves split={split} before={before} />
    </div>
  );
}

interface ShareSliderProps {
  readonly variant: string;
  readonly colour: string | undefined;
  readonly percent: number;
  readonly most: number;
  readonly onChange: (percent: number) => void;
}

function ShareSlider({ variant, colour, percent, most, onChange }: ShareSliderProps) {
  const t = useTranslations('features.rules');
  const value = roundPercent(percent);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-sm sm:grid-cols-[minmax(0,8rem)_minmax(0,1fr)_auto]">
      <span className="flex min-w-0 items-center gap-2">
        <span aria-hidden className="size-2.5 shrink-0 rounded-xs" style={{ background: colour }} />
        <span className="truncate" title={variant}>
          {variant}
        </span>
      </span>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        aria-label={t('share', { variant })}
        aria-valuetext={`${value} %`}
        className="h-8 w-full cursor-pointer accent-(--accent) max-sm:order-last max-sm:col-span-2"
        value={value}
        onChange={({ target }) => onChange(Math.min(Number(target.value), most))}
      />
      <span className="flex items-center gap-1">
        <Input
          type="number"
          min={0}
          max={roundPercent(most)}
          step={0.1}
          aria-label={t('shareNumber', { variant })}
          className="w-20 text-right"
          value={value}
          onChange={({ target }) => onChange(Math.min(Number(target.value), most))}
        />
        %
      </span>
    </div>
  );
}

/** Says which part of the people gets another variant than before. */
function WhoMoves({ split, before }: { split: Split; before: Serve | null }) {
  const t = useTranslations('features.rules');
  if (before === null) return null;
  const old =
    before.kind === 'split' ? before : { ...newSplit([before.variant], before.variant), by: split.by };
  const moves = movesBetween(old, split);
  if (moves === null) return <p className="text-caution-ink text-sm">{t('drawnAnew')}</p>;
  return (
    <div role="status" className="text-muted text-sm">
      {moves.length === 0 ? <p>{t('nobodyMoves')}</p> : null}
      {moves.map(({ from, to, percent }) => (
        <p key={`${from} ${to}`}>{t('moves', { percent: roundPercent(percent), from, to })}</p>
      ))}
      {moves.length > 0 ? <p>{t('othersStay')}</p> : null}
    </div>
  );
}
