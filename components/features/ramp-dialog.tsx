'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { FreezeNotes } from '@/components/features/freeze-notes';
import {
  type RampField,
  type RampPlan,
  readRamp,
  stepTimes,
  type TypedRamp,
} from '@/components/features/ramp.view';
import { useClockTime } from '@/components/features/use-clock-time';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-line';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { ReasonField } from '@/components/ui/reason-field';
import { Select } from '@/components/ui/select';
import { useNow } from '@/components/ui/use-now';
import type { ToggleEnvironmentView, ToggleView } from '@/server/domain/views/toggles';

const UNGUARDED = '\u0000none';
const FIELDS = ['to', 'count', 'minutes'] as const satisfies readonly RampField[];

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
  const form = useRampForm(feature, environment);
  const [config, setConfig] = useState(UNGUARDED);
  const [reason, setReason] = useState('');
  const { variant, against, plan } = form;
  const canStart = plan !== null && plan.percentages.length > 0;
  const submit = () => {
    if (!canStart) return;
    ramp.mutate({
      key: feature.key,
      environment: environment.environment,
      variant,
      ...(against === null ? {} : { against }),
      percentages: [...plan.percentages],
      holdSeconds: plan.holdSeconds,
      ...(config === UNGUARDED ? {} : { guard: { config } }),
      reason: reason.trim(),
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('title', { name: feature.name, environment: environment.environment })}
        description={t('text')}
        action={environment.requiresReview ? t('ask') : t('do')}
        pendingLabel={common('saving')}
        pending={ramp.isPending}
        disabled={!canStart}
        onSubmit={submit}
      >
        <WhatStands environment={environment} name={feature.name} />
        <Field label={t('variant')}>
          {(control) => (
            <Select
              {...control}
              value={variant}
              onValueChange={form.setVariant}
              options={Object.keys(feature.variants).map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
        <div className="grid items-start gap-4 sm:grid-cols-3">
          {FIELDS.map((field) => (
            <NumberField
              key={field}
              field={field}
              value={form.typed[field]}
              isWrong={form.wrong.includes(field)}
              onChange={(text) => form.type(field, text)}
            />
          ))}
        </div>
        <GuardField application={feature.application} value={config} onChange={setConfig} />
        <Steps {...{ plan, from: form.from, requiresReview: environment.requiresReview }} />
        {plan ? <RampFreezes environment={environment} minutes={plan.minutes} /> : null}
        <ReasonField label={common('reason')} hint={t('reasonHint')} value={reason} onChange={setReason} />
        <ErrorLine error={ramp.error} />
      </FormDialogContent>
    </Dialog>
  );
}

/** As with a switch: what is served now, and that another person is asked. */
function WhatStands({ environment, name }: { environment: ToggleEnvironmentView; name: string }) {
  const t = useTranslations('features.switch');
  const render = useMessage();
  return (
    <>
      <p className="text-sm">
        <span className="text-muted">{t('now')} </span>
        {render(environment.sentence)}
      </p>
      {environment.requiresReview ? (
        <p className="rounded-md bg-caution-soft px-3 py-2 text-caution-ink text-sm">
          {t('review', { name, environment: environment.environment })}
        </p>
      ) : null}
    </>
  );
}

interface StepsProps {
  readonly plan: RampPlan | null;
  readonly from: number;
  readonly requiresReview: boolean;
}

/** Who gets it when; nothing while a number is none. */
function Steps({ plan, from, requiresReview }: StepsProps) {
  const t = useTranslations('features.ramp');
  const time = useClockTime();
  const now = useNow();
  const steps = plan ? stepTimes(plan, now) : [];
  return (
    <div role="status" aria-label={t('preview')} className="rounded-md bg-accent-soft px-3 py-2 text-sm">
      {plan === null ? t('incomplete') : steps.length === 0 ? t('nowhere', { percent: from }) : null}
      <ol className="flex flex-wrap gap-x-4 gap-y-1">
        {steps.map(({ percent, at }, index) => (
          <li key={percent}>
            {index === 0 ? t('stepNow', { percent }) : t('stepAt', { percent, at: time(at) })}
          </li>
        ))}
      </ol>
      {requiresReview && steps.length > 0 ? <p className="text-muted text-xs">{t('fromApproval')}</p> : null}
    </div>
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
function useRampForm({ variants }: ToggleView, { on, shares, definition }: ToggleEnvironmentView) {
  const names = Object.keys(variants);
  const rest = definition.offVariant ?? definition.defaultVariant;
  const [variant, setVariant] = useState(names.find((name) => name !== rest) ?? names[0] ?? '');
  const [typed, setTyped] = useState<TypedRamp>({ to: '50', count: '4', minutes: '120' });
  const from = on ? (shares?.find((share) => share.variant === variant)?.percent ?? 0) : 0;
  // Those who do not get it yet keep the default, unless that is what is being ramped up.
  const needsOther = definition.defaultVariant === variant || definition.defaultVariant === null;
  const against = needsOther ? (names.find((name) => name !== variant) ?? null) : null;
  const type = (field: RampField, text: string) => setTyped({ ...typed, [field]: text });
  return { variant, setVariant, typed, type, from, against, ...readRamp(typed, from) };
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
  readonly field: RampField;
  readonly value: string;
  readonly isWrong: boolean;
  readonly onChange: (text: string) => void;
}

function NumberField({ field, value, isWrong, onChange }: NumberFieldProps) {
  const t = useTranslations('features.ramp');
  return (
    <Field label={t(field)} error={isWrong ? t(`${field}Bad`) : null}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          value={value}
          onChange={({ target }) => onChange(target.value)}
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
