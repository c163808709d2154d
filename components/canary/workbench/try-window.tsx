'use client';

import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { localMoment, PRESET_NAMES, PRESETS } from '@/components/canary/workbench/try.view';
import { lengthOf, stepOf, type WindowChoice } from '@/components/canary/workbench/use-try';
import { SecondsControl } from '@/components/editor/form/seconds-control';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

interface TryWindowProps {
  readonly choice: WindowChoice;
  readonly problem: string | null;
  readonly onChange: (choice: WindowChoice) => void;
}

/** Which part of the past is looked at, and how closely. */
export function TryWindow({ choice, problem, onChange }: TryWindowProps) {
  const t = useTranslations('workbench.try');
  const id = useId();
  const step = stepOf(choice);
  const choose = (next: string) => {
    const preset = PRESET_NAMES.find((one) => one === next) ?? 'custom';
    if (preset !== 'custom') return onChange({ ...choice, preset });
    // The window that was chosen last, as moments that can be changed.
    const now = Date.now();
    onChange({ ...choice, preset, from: localMoment(now - lengthOf(choice)), to: localMoment(now) });
  };
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label={t('window')}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={choice.preset}
            onValueChange={choose}
            options={[
              ...PRESET_NAMES.map((preset) => ({
                value: preset,
                label: t('lastMinutes', { minutes: PRESETS[preset] / 60_000 }),
              })),
              { value: 'custom', label: t('custom') },
            ]}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-step`} className="font-medium text-sm">
          {t('step')}
        </label>
        <SecondsControl
          aria={{ id: `${id}-step`, 'aria-describedby': `${id}-points`, 'aria-invalid': undefined }}
          value={choice.stepSeconds ?? undefined}
          standard={step}
          path=""
          onChange={(next) =>
            onChange({ ...choice, stepSeconds: typeof next === 'number' && next >= 1 ? next : null })
          }
        />
        <p id={`${id}-points`} className="text-muted text-xs">
          {t('points', { count: Math.floor(lengthOf(choice) / (step * 1_000)) })}
        </p>
      </div>
      {choice.preset === 'custom' ? (
        <>
          <Field label={t('from')} error={problem}>
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={choice.from}
                onChange={({ target }) => onChange({ ...choice, from: target.value })}
              />
            )}
          </Field>
          <Field label={t('to')}>
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={choice.to}
                onChange={({ target }) => onChange({ ...choice, to: target.value })}
              />
            )}
          </Field>
        </>
      ) : null}
    </div>
  );
}
