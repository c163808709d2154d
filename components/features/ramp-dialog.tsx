'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { FreezeNotes } from '@/components/features/freeze-notes';
import { holdOf, rampSteps } from '@/components/features/ramp.view';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTyped } from '@/components/features/use-typed';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import { useNow } from '@/components/ui/use-now';
import type { ToggleEnvironmentView, ToggleView } from '@/server/domain/views/toggles';

const UNGUARDED = '\u0000none';

interface RampDialogProps {
  readonly feature: ToggleView;
  readonly environment: ToggleEnvironmentView;
  readonly onClose: () => void;
}

/** “To 50 % in four steps over two hours, and back if it goes wrong.” */
export function RampDialog({ feature, environment, onClose }: RampDialogProps) {
  const t = useTranslations('features.ramp');
  const common = useTranslations('features');
  const ramp = useRamp(onClose);
  const plan = useRampPlan(feature, environment);
  const [config, setConfig] = useState(UNGUARDED);
  const { variant, percentages } = plan;
  const submit = () => {
    if (percentages.length === 0) return;
    ramp.mutate({
      key: feature.key,
      environment: environment.environment,
      variant,
      ...(plan.against === null ? {} : { against: plan.against }),
      percentages,
      holdSeconds: holdOf(plan.minutes, percentages),
      ...(config === UNGUARDED ? {} : { guard: { config } }),
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('title', { name: feature.name, environment: environment.environment })}
        description={t('text')}
        action={t('do')}
        pendingLabel={common('saving')}
        pending={ramp.isPending}
        onSubmit={submit}
      >
        <Field label={t('variant')}>
          {(control) => (
            <Select
              {...control}
              value={variant}
              onValueChange={plan.setVariant}
              options={Object.keys(feature.variants).map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-3">
          <NumberField label={t('to')} value={plan.to} min={1} max={100} onChange={plan.setTo} />
          <NumberField label={t('count')} value={plan.count} min={1} max={20} onChange={plan.setCount} />
          <NumberField
            label={t('minutes')}
            value={plan.minutes}
            min={1}
            max={40_000}
            onChange={plan.setMinutes}
          />
        </div>
        <GuardField application={feature.application} value={config} onChange={setConfig} />
        <p role="status" className="rounded-md bg-accent-soft px-3 py-2 text-sm">
          {percentages.length === 0
            ? t('nowhere', { percent: plan.from })
            : percentages.map((percent) => `${percent} %`).join(' → ')}
        </p>
        <RampFreezes environment={environment} minutes={plan.minutes} />
        {ramp.error ? (
          <p role="alert" className="text-danger-ink text-sm">
            {ramp.error.message}
          </p>
        ) : null}
      </FormDialogContent>
    </Dialog>
  );
}

/** Freezes that the ramp would meet: its steps wait until they are over. */
function RampFreezes({ environment, minutes }: { environment: ToggleEnvironmentView; minutes: number }) {
  const t = useTranslations('features.ramp');
  const until = useNow() + minutes * 60_000;
  const met = environment.freezes.filter(({ from }) => Date.parse(from) < until);
  if (met.length === 0) return null;
  return (
    <div>
      <FreezeNotes freezes={met} />
      <p className="text-muted text-sm">{t('frozen')}</p>
    </div>
  );
}

/** What the form says, and the steps that come of it. */
function useRampPlan({ variants }: ToggleView, { on, shares, definition }: ToggleEnvironmentView) {
  const names = Object.keys(variants);
  const rest = definition.offVariant ?? definition.defaultVariant;
  const [variant, setVariant] = useState(names.find((name) => name !== rest) ?? names[0] ?? '');
  const [to, setTo] = useState(50);
  const [count, setCount] = useState(4);
  const [minutes, setMinutes] = useState(120);
  const from = on ? (shares?.find((share) => share.variant === variant)?.percent ?? 0) : 0;
  // Those who do not get it yet keep the default, unless that is what is being ramped up.
  const needsOther = definition.defaultVariant === variant || definition.defaultVariant === null;
  const against = needsOther ? (names.find((name) => name !== variant) ?? null) : null;
  const percentages = rampSteps(from, to, count);
  return { variant, setVariant, to, setTo, count, setCount, minutes, setMinutes, from, against, percentages };
}

interface GuardFieldProps {
  readonly application: string | null;
  readonly value: string;
  readonly onChange: (config: string) => void;
}

/** Which canary configuration watches over the steps, if any; those that cannot tell variants apart are not offered. */
function GuardField({ application, value, onChange }: GuardFieldProps) {
  const t = useTranslations('features.ramp');
  const trpc = useTRPC();
  const configs = useQuery(
    trpc.canaryConfigs.list.queryOptions(
      { application: application ?? '' },
      { enabled: application !== null },
    ),
  );
  const byVariant = configs.data?.filter(({ isByVariant }) => isByVariant);
  const hint = byVariant?.length === 0 ? t('noGuard', { placeholder: '${toggle}' }) : t('guardHint');
  return (
    <Field label={t('guard')} hint={hint}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onValueChange={onChange}
          options={[
            { value: UNGUARDED, label: t('unguarded') },
            ...(byVariant ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
      )}
    </Field>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, value, min, max, onChange }: NumberFieldProps) {
  const typed = useTyped(value, String, (text) => {
    const number = Number(text);
    return text.trim() !== '' && number >= min && number <= max ? Math.round(number) : undefined;
  });
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={min}
          max={max}
          value={typed.text}
          onChange={({ target }) => {
            const next = typed.type(target.value);
            if (next !== undefined) onChange(next);
          }}
        />
      )}
    </Field>
  );
}

function useRamp(onDone: () => void) {
  const t = useTranslations('features.ramp');
  const trpc = useTRPC();
  const router = useRouter();
  const refresh = useRefreshFeatures();
  return useMutation(
    trpc.toggles.ramp.mutationOptions({
      onSuccess: async ({ executionId }) => {
        toast.success(t('begun'), {
          action: { label: t('watch'), onClick: () => router.push(`/executions/${executionId}`) },
        });
        onDone();
        await refresh();
      },
    }),
  );
}
