'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Attribute, contextOf } from '@/components/features/context.view';
import { PlaygroundForm } from '@/components/features/playground-form';
import { PlaygroundResult } from '@/components/features/playground-result';
import { useTRPC } from '@/components/trpc/trpc';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import type { RuleList } from '@/server/domain/toggle-rules';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleView } from '@/server/domain/views/toggles';

interface PlaygroundProps {
  readonly feature: ToggleView;
  /** Chosen by the person when left out. */
  readonly environment?: string;
  /** Tried in place of what stands. */
  readonly draft?: ToggleDefinition;
}

/** What would this user get, and why? */
export function Playground({ feature, environment, draft }: PlaygroundProps) {
  const t = useTranslations('features.try');
  const trpc = useTRPC();
  const [chosen, setChosen] = useState(environment ?? feature.environments[0]?.environment ?? '');
  const [targetingKey, setTargetingKey] = useState('');
  const [attributes, setAttributes] = useState<readonly Attribute[]>(() => attributesOf(feature));
  const preview = useMutation(trpc.toggles.preview.mutationOptions());
  if (feature.environments.length === 0 && draft === undefined) {
    return <EmptyState title={t('nowhere')} />;
  }
  const ask = () =>
    preview.mutate({
      key: feature.key,
      environment: chosen,
      context: contextOf(targetingKey, attributes),
      ...(draft === undefined ? {} : { definition: draft }),
    });
  return (
    <Card aria-label={t('title')} className="grid gap-0 overflow-hidden lg:grid-cols-2">
      <PlaygroundForm
        environments={environment === undefined ? feature.environments.map((one) => one.environment) : null}
        environment={chosen}
        onEnvironment={setChosen}
        {...{ targetingKey, attributes }}
        onTargetingKey={setTargetingKey}
        onAttributes={setAttributes}
        isPending={preview.isPending}
        isDraft={draft !== undefined}
        onAsk={ask}
      />
      <div className="border-t p-4 lg:border-t-0 lg:border-l" aria-live="polite">
        {preview.error ? (
          <p role="alert" className="text-danger-ink text-sm">
            {preview.error.message}
          </p>
        ) : preview.data ? (
          <PlaygroundResult result={preview.data} variants={Object.keys(feature.variants)} />
        ) : (
          <p className="text-muted text-sm">{t('notAsked')}</p>
        )}
      </div>
    </Card>
  );
}

/** Rows for what the rules ask about, so that nobody has to know the names. */
function attributesOf({ environments }: ToggleView): Attribute[] {
  const names = new Set(environments.flatMap(({ rules }) => attributeNames(rules)));
  names.delete('targetingKey');
  return [...names].map((name, id) => ({ id, name, text: '' }));
}

function attributeNames(rules: RuleList | null): string[] {
  return (rules?.rules ?? []).flatMap(({ conditions }) =>
    conditions.flatMap((condition) => ('attribute' in condition ? condition.attribute : [])),
  );
}
