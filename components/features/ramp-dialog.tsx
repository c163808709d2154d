'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { percentagesOf, rampSeconds } from '@/components/features/ramp.view';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import type { ToggleEnvironmentView, ToggleView } from '@/server/domain/views/toggles';

interface RampDialogProps {
  readonly feature: ToggleView;
  readonly environment: ToggleEnvironmentView;
  readonly onClose: () => void;
}

const NO_GUARD = 'none';

/** Gives a variant to more and more people by itself, in steps, guarded by metrics where somebody has set them up. */
export function RampDialog({ feature, environment, onClose }: RampDialogProps) {
  const t = useTranslations('features.ramp');
  const variants = Object.keys(feature.variants);
  const others = environment.definition.defaultVariant;
  const [variant, setVariant] = useState(variants.find((one) => one !== others) ?? variants[0] ?? '');
  const [steps, setSteps] = useState('10, 25, 50, 100');
  const [minutes, setMinutes] = useState('30');
  const [guard, setGuard] = useState(NO_GUARD);
  const ramp = useRamp(onClose);
  const percentages = percentagesOf(steps);
  const holdSeconds = Math.round(Number(minutes) * 60);
  const isHold = Number.isFinite(holdSeconds) && holdSeconds >= 5;
  const against = others === variant ? variants.find((one) => one !== variant) : undefined;
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('title', { name: feature.name, environment: environment.environment })}
        description={t('text')}
        keep={t('keep')}
        action={t('do')}
        pendingLabel={t('doing')}
        pending={ramp.isPending}
        onSubmit={() => {
          if (!percentages || !isHold) return;
          ramp.mutate({
            key: feature.key,
            environment: environment.environment,
            variant,
            ...(against ? { against } : {}),
            percentages: [...percentages],
            holdSeconds,
            ...(guard === NO_GUARD ? {} : { guard: { config: guard } }),
          });
        }}
      >
        <Field label={t('variant')}>
          {(control) => (
            <Select
              {...control}
              value={variant}
              onValueChange={setVariant}
              options={variants.map((one) => ({ value: one, label: one }))}
            />
          )}
        </Field>
        <Field label={t('steps')} hint={t('stepsHint')} error={percentages ? undefined : t('stepsWrong')}>
          {(control) => (
            <Input {...control} value={steps} onChange={({ target }) => setSteps(target.value)} />
          )}
        </Field>
        <Field
          label={t('minutes')}
          hint={
            percentages && isHold
              ? t('takes', { minutes: rampSeconds(percentages, holdSeconds) / 60 })
              : undefined
          }
          error={isHold ? undefined : t('minutesWrong')}
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0.1}
              step="any"
              value={minutes}
              onChange={({ target }) => setMinutes(target.value)}
            />
          )}
        </Field>
        {feature.application ? (
          <GuardField application={feature.application} value={guard} onChange={setGuard} />
        ) : null}
        {ramp.error ? (
          <p role="alert" className="text-danger-ink text-sm">
            {ramp.error.message}
          </p>
        ) : null}
      </FormDialogContent>
    </Dialog>
  );
}

interface GuardFieldProps {
  readonly application: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function GuardField({ application, value, onChange }: GuardFieldProps) {
  const t = useTranslations('features.ramp');
  const trpc = useTRPC();
  const configs = useQuery(trpc.canaryConfigs.list.queryOptions({ application })).data ?? [];
  const options = configs.map(({ name }) => ({ value: name, label: name }));
  return (
    <Field label={t('guard')} hint={t('guardHint')}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onValueChange={onChange}
          options={[{ value: NO_GUARD, label: t('noGuard') }, ...options]}
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
      async onSuccess({ executionId }) {
        toast.success(t('done'), {
          action: { label: t('watch'), onClick: () => router.push(`/executions/${executionId}`) },
        });
        onDone();
        await refresh();
      },
    }),
  );
}
