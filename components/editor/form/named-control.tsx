'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { JsonObject } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { EnumControl } from '@/components/editor/form/simple-controls';
import { SuggestedInput } from '@/components/editor/form/suggested-input';
import type { NamedWidget } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { useTRPC } from '@/components/trpc/trpc';
import { Select } from '@/components/ui/select';
import { flagKeySchema } from '@/server/domain/toggles';

interface NamedProps extends ControlProps {
  readonly widget: NamedWidget;
  readonly siblings: JsonObject;
  readonly required: boolean;
}

/** The name of something that exists: chosen where the list is complete, typed with suggestions elsewhere. */
export function NamedControl({ widget, siblings, ...control }: NamedProps) {
  const { choices } = useEditor();
  const names = choices[widget];
  switch (widget) {
    case 'strategy':
      return <StrategyControl {...control} />;
    case 'variant':
      return <VariantControl {...control} toggle={siblings['toggle']} />;
    case 'environment':
    case 'toggleEnvironment':
    case 'stage':
    case 'role':
      return <EnumControl {...control} values={names} />;
    case 'pipeline':
      // Those of another application are not known here.
      return siblings['application'] === undefined && names.length > 0 ? (
        <EnumControl {...control} values={names} />
      ) : (
        <SuggestedInput {...control} names={names} />
      );
    case 'application':
    case 'account':
    case 'region':
    case 'cluster':
    case 'artifact':
    case 'webhookSource':
    case 'endpoint':
    case 'canaryConfig':
    case 'metricsSource':
    case 'toggle':
    case 'timeZone':
      return <SuggestedInput {...control} names={names} />;
    default:
      return widget satisfies never;
  }
}

/** One that the toggle has, once it is said which toggle it is. */
function VariantControl({ toggle, ...control }: ControlProps & { readonly toggle: unknown }) {
  const trpc = useTRPC();
  const key = flagKeySchema.safeParse(toggle).data;
  const query = useQuery(
    trpc.toggles.get.queryOptions({ key: key ?? '' }, { enabled: key !== undefined, retry: false }),
  );
  return <SuggestedInput {...control} names={Object.keys(query.data?.variants ?? {})} />;
}

function StrategyControl({ value, onChange, aria }: ControlProps) {
  const t = useTranslations('editor');
  const words = useWords();
  const { catalogue } = useEditor();
  const { readOnly } = useForm();
  return (
    <Select
      {...aria}
      className="w-full"
      disabled={readOnly}
      placeholder={t('choose')}
      value={typeof value === 'string' ? value : undefined}
      onValueChange={onChange}
      options={catalogue.strategies.map(({ kind, label }) => ({
        value: kind,
        label: words.strategy(kind, label),
      }))}
    />
  );
}
