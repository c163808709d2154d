'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { DefinitionEditor } from '@/components/features/definition-editor';
import { EnvironmentCard } from '@/components/features/environment-card';
import { useMay } from '@/components/nav/use-me';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleView } from '@/server/domain/views/toggles';

/** How a feature stands everywhere; one of the environments opens to be changed. */
export function EnvironmentsTab({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  const [edited, setEdited] = useQueryState('edit', parseAsString);
  const isAbsent = edited !== null && feature.absentFrom.includes(edited);
  if (feature.archivedAt) return <EmptyState title={t('archived')}>{t('archivedText')}</EmptyState>;
  const close = () => void setEdited(null);
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {feature.environments.map((environment) => {
          const isOpen = edited === environment.environment;
          return (
            <div key={environment.environment} className={isOpen ? 'xl:col-span-2' : undefined}>
              <EnvironmentCard
                {...{ feature, environment, isOpen }}
                onToggle={() => void setEdited(isOpen ? null : environment.environment)}
              >
                {isOpen ? (
                  <DefinitionEditor
                    feature={feature}
                    environment={environment.environment}
                    start={environment}
                    requiresReview={environment.requiresReview}
                    onDone={close}
                  />
                ) : null}
              </EnvironmentCard>
            </div>
          );
        })}
      </div>
      {feature.absentFrom.map((name) => (
        <Card key={name} aria-label={name} className="border-dashed">
          <div className="flex flex-wrap items-center gap-3 px-4 py-3">
            <span className="font-semibold text-base">{name}</span>
            <span className="text-muted text-sm">{t('absent')}</span>
            {mayWrite ? (
              <Button
                className="ml-auto"
                size="sm"
                onClick={() => void setEdited(edited === name ? null : name)}
              >
                {t('addThere', { environment: name })}
              </Button>
            ) : null}
          </div>
          {isAbsent && edited === name ? (
            <DefinitionEditor
              feature={feature}
              environment={name}
              start={{ definition: emptyDefinition(feature), revision: 0 }}
              requiresReview={false}
              onDone={close}
            />
          ) : null}
        </Card>
      ))}
    </div>
  );
}

/** Off, with the feature's own idea of on and off behind the switch. */
function emptyDefinition({ variants }: ToggleView): ToggleDefinition {
  const names = Object.keys(variants);
  const off = names.find((name) => variants[name] === false) ?? null;
  return {
    on: false,
    offVariant: off,
    defaultVariant: names.find((name) => name !== off) ?? off,
    targeting: null,
    prerequisites: [],
    versionRequirement: null,
    schedule: [],
  };
}
