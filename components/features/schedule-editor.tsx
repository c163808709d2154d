'use client';

import { CalendarClock, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import type { EditorPart } from '@/components/features/editor-context';
import {
  actOf,
  isTimeZone,
  localOf,
  momentOf,
  type ScheduledAct,
  setOf,
} from '@/components/features/schedule.view';
import { ShareBar } from '@/components/features/share-bar';
import { useZonedTime } from '@/components/features/use-clock-time';
import { useMessage } from '@/components/i18n/provider';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useExactTime } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { ScheduledChange } from '@/server/domain/toggles';
import type { ScheduledMoment } from '@/server/domain/views/toggles';

interface ScheduleEditorProps extends EditorPart {
  /** What the server says that the clock will do. */
  readonly moments: readonly ScheduledMoment[];
}

/** What happens by the clock, and what is served from then on. */
export function ScheduleEditor({ feature, draft, put, readOnly, moments }: ScheduleEditorProps) {
  const t = useTranslations('features.schedule');
  const { definition } = draft;
  const change = (schedule: readonly ScheduledChange[]) =>
    put({ ...draft, definition: { ...definition, schedule: [...schedule] } });
  const variants = Object.keys(feature.variants);
  return (
    <section aria-label={t('title')} className="flex flex-col gap-3">
      <h3 className="font-semibold text-base">{t('title')}</h3>
      {definition.schedule.length === 0 ? <p className="text-muted text-sm">{t('empty')}</p> : null}
      {definition.schedule.map((one, index) => (
        <ScheduleRow
          key={`${one.at} ${JSON.stringify(one.set)}`}
          {...{ one, readOnly }}
          onRemove={() => change(definition.schedule.toSpliced(index, 1))}
        />
      ))}
      {moments.length > 0 ? <Moments moments={moments} /> : null}
      {readOnly ? null : (
        <NewScheduled
          variants={variants}
          rest={definition.offVariant ?? definition.defaultVariant ?? variants.at(-1) ?? ''}
          onAdd={(one) =>
            change([...definition.schedule, one].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)))
          }
        />
      )}
    </section>
  );
}

interface ScheduleRowProps {
  readonly one: ScheduledChange;
  readonly readOnly: boolean;
  readonly onRemove: () => void;
}

function ScheduleRow({ one, readOnly, onRemove }: ScheduleRowProps) {
  const t = useTranslations('features.schedule');
  const words = useActWords();
  const local = localOf(one.at, one.timeZone).replace('T', ' ') || one.at;
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md border bg-surface px-3 py-2 text-sm">
      <CalendarClock aria-hidden className="size-4 text-muted" />
      <span className="font-medium">{local}</span>
      <span className="text-muted">{one.timeZone}</span>
      <span>{words(actOf(one.set))}</span>
      {readOnly ? null : (
        <IconButton size="sm" className="ml-auto" label={t('remove', { at: local })} onClick={onRemove}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

function useActWords(): (act: ScheduledAct) => string {
  const t = useTranslations('features.schedule');
  return (act) => {
    switch (act.kind) {
      case 'on':
      case 'off':
      case 'other':
        return t(act.kind);
      case 'everyone':
        return t('everyoneGets', { variant: act.variant });
      case 'percent':
        return t('percentGets', {
          percent: Math.round(act.percent * 10) / 10,
          variant: act.variant,
          rest: act.rest,
        });
      default: {
        const unreachable: never = act;
        return unreachable;
      }
    }
  };
}

/** The server's own account of what happens when. */
function Moments({ moments }: { moments: readonly ScheduledMoment[] }) {
  const t = useTranslations('features.schedule');
  const render = useMessage();
  const exact = useExactTime();
  const zoned = useZonedTime();
  const own = useTimeZone() ?? 'UTC';
  return (
    <ol aria-label={t('preview')} className="flex flex-col gap-2 border-l-2 pl-3">
      {moments.map(({ at, timeZone, sentence, shares, kind, freeze }) => (
        <li key={`${at} ${kind}`} className="flex flex-col gap-1 text-sm">
          <span>
            <span className="font-medium">{t('from', { at: zoned(at, timeZone ?? own) })}</span>{' '}
            {render(sentence)}
          </span>
          {shares && shares.length > 1 ? <ShareBar shares={shares} /> : null}
          {freeze ? (
            <span className="text-danger-ink">
              {t('frozen', { from: exact(freeze.from), until: exact(freeze.until), reason: freeze.reason })}
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

const ACTS = ['on', 'off', 'everyone', 'percent'] as const;

interface NewScheduledProps {
  readonly variants: readonly string[];
  /** What those get who do not get the feature. */
  readonly rest: string;
  readonly onAdd: (one: ScheduledChange) => void;
}

function NewScheduled({ variants, rest, onAdd }: NewScheduledProps) {
  const t = useTranslations('features.schedule');
  const id = useId();
  const [kind, setKind] = useState<(typeof ACTS)[number]>('on');
  const [local, setLocal] = useState('');
  const [timeZone, setTimeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [variant, setVariant] = useState(variants.find((one) => one !== rest) ?? rest);
  const [percent, setPercent] = useState(50);
  const at = momentOf(local, timeZone);
  const isUnknown = !isTimeZone(timeZone);
  const now = useNow();
  const isPast = at !== null && Date.parse(at) <= now;
  const add = () => {
    const set = setOf(
      actFor(kind, { variant, percent, rest: rest === variant ? otherThan(variants, variant) : rest }),
    );
    if (at !== null && set) onAdd({ at, timeZone, set });
    setLocal('');
  };
  return (
    <div role="group" aria-label={t('add')} className="flex flex-wrap items-center gap-2 text-sm">
      <Input
        type="datetime-local"
        aria-label={t('when')}
        className="w-auto"
        value={local}
        onChange={({ target }) => setLocal(target.value)}
      />
      <Input
        aria-label={t('timeZone')}
        aria-invalid={isUnknown || undefined}
        className="w-44"
        list={`${id}-zones`}
        value={timeZone}
        onChange={({ target }) => setTimeZone(target.value)}
      />
      <datalist id={`${id}-zones`}>
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
      <Select
        aria-label={t('what')}
        value={kind}
        onValueChange={(next) => setKind(ACTS.find((one) => one === next) ?? 'on')}
        options={ACTS.map((value) => ({ value, label: t(`acts.${value}`) }))}
      />
      {kind === 'everyone' || kind === 'percent' ? (
        <Select
          aria-label={t('variant')}
          value={variant}
          onValueChange={setVariant}
          options={variants.map((value) => ({ value, label: value }))}
        />
      ) : null}
      {kind === 'percent' ? (
        <Input
          type="number"
          min={0}
          max={100}
          aria-label={t('percent')}
          className="w-20"
          value={percent}
          onChange={({ target }) => setPercent(Math.min(100, Math.max(0, Number(target.value))))}
        />
      ) : null}
      <Button size="sm" disabled={at === null || isPast} onClick={add}>
        {t('add')}
      </Button>
      {isUnknown ? (
        <span role="alert" className="text-danger-ink text-xs">
          {t('unknownZone', { zone: timeZone })}
        </span>
      ) : null}
      {isPast ? <span className="text-danger-ink text-xs">{t('past')}</span> : null}
    </div>
  );
}

function otherThan(variants: readonly string[], variant: string): string {
  return variants.find((one) => one !== variant) ?? variant;
}

interface ActParts {
  readonly variant: string;
  readonly percent: number;
  readonly rest: string;
}

function actFor(kind: (typeof ACTS)[number], { variant, percent, rest }: ActParts): ScheduledAct {
  switch (kind) {
    case 'on':
    case 'off':
      return { kind };
    case 'everyone':
      return { kind, variant };
    case 'percent':
      return { kind, variant, percent, rest };
    default: {
      const unreachable: never = kind;
      return unreachable;
    }
  }
}
