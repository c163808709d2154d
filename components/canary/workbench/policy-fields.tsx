'use client';

import { useTranslations } from 'use-intl';
import { policiesOf, withPolicies } from '@/components/canary/workbench/config.view';
import { ConfigField } from '@/components/canary/workbench/config-field';
import { useReadsMore, useWorkbench } from '@/components/canary/workbench/workbench-context';
import { Card, CardBody, CardHeader, CardTitle } from '@/components/ui/card';
import { Select } from '@/components/ui/select';
import { UNRESOLVED_POLICIES, type UnresolvedPolicies, unresolvedPolicySchema } from '@/server/domain/canary';

export const UNRESOLVED = ['onNoData', 'onError', 'onInconclusive'] as const;
/** Radix has no value for "nothing chosen"; no policy has this name. */
const USUAL = '__usual';

interface PolicyFieldsProps {
  readonly value: UnresolvedPolicies;
  /** Dotted, to the object that they are in. */
  readonly path: string;
  /** What "nothing said" means here. */
  readonly usual: (field: (typeof UNRESOLVED)[number]) => string;
  readonly onChange: (change: UnresolvedPolicies) => void;
}

/** What is done when there is no verdict on a metric, for each reason why there is none. */
export function PolicyFields({ value, path, usual, onChange }: PolicyFieldsProps) {
  const t = useTranslations('workbench.policies');
  return (
    <div className="grid gap-4 2xl:grid-cols-3">
      {UNRESOLVED.map((field) => (
        <ConfigField key={field} path={`${path}.${field}`} label={t(field)}>
          {(aria, readOnly) => (
            <Select
              {...aria}
              className="w-full"
              disabled={readOnly}
              value={value[field] ?? USUAL}
              onValueChange={(next) => onChange({ [field]: unresolvedPolicySchema.safeParse(next).data })}
              options={[
                { value: USUAL, label: usual(field) },
                ...UNRESOLVED_POLICIES.map((policy) => ({ value: policy, label: t(`policy.${policy}`) })),
              ]}
            />
          )}
        </ConfigField>
      ))}
    </div>
  );
}

/** The policies of the whole configuration. */
export function PoliciesCard() {
  const t = useTranslations('workbench.policies');
  const { config, put } = useWorkbench();
  const reads = useReadsMore();
  return (
    <Card aria-label={t('title')}>
      <CardHeader>
        <div className="min-w-0">
          <CardTitle>{t('title')}</CardTitle>
          <p className="text-muted text-sm">{t(reads ? 'description' : 'notRead')}</p>
        </div>
      </CardHeader>
      <CardBody>
        <PolicyFields
          value={policiesOf(config)}
          path="judge.judgeConfigurations"
          usual={(field) => t(`usual.${field}`)}
          onChange={(change) => put(withPolicies(config, change))}
        />
      </CardBody>
    </Card>
  );
}
