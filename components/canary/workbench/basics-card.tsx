'use client';

import { useTranslations } from 'use-intl';
import { thresholdsOf, withThresholds } from '@/components/canary/workbench/config.view';
import { ConfigField } from '@/components/canary/workbench/config-field';
import { NumberField } from '@/components/canary/workbench/number-field';
import { useJudgeName, useWorkbench } from '@/components/canary/workbench/workbench-context';
import { Card, CardBody, CardHeader, CardTitle } from '@/components/ui/card';
import { Input, Textarea } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

/** What the configuration is called, where it measures, who judges, and from which score on. */
export function BasicsCard() {
  const t = useTranslations('workbench.basics');
  const { config, put, name } = useWorkbench();
  return (
    <Card aria-label={t('title')}>
      <CardHeader>
        <CardTitle>{t('title')}</CardTitle>
      </CardHeader>
      <CardBody className="grid gap-4 sm:grid-cols-2">
        {name === null ? (
          <ConfigField path="name" label={t('name')} hint={t('nameHint')} required>
            {(aria, readOnly) => (
              <Input
                {...aria}
                readOnly={readOnly}
                maxLength={63}
                spellCheck={false}
                autoComplete="off"
                value={config.name}
                onChange={({ target }) => put({ ...config, name: target.value })}
              />
            )}
          </ConfigField>
        ) : null}
        <SourceField />
        <JudgeField />
        <div className="sm:col-span-2">
          <ConfigField path="description" label={t('description')}>
            {(aria, readOnly) => (
              <Textarea
                {...aria}
                readOnly={readOnly}
                rows={2}
                maxLength={2000}
                value={config.description ?? ''}
                onChange={({ target }) => put({ ...config, description: target.value })}
              />
            )}
          </ConfigField>
        </div>
        <Thresholds />
      </CardBody>
    </Card>
  );
}

function SourceField() {
  const t = useTranslations('workbench.basics');
  const { source, putSource, sources, kinds } = useWorkbench();
  const labelOf = (kind: string) => kinds.find((one) => one.kind === kind)?.label ?? kind;
  // One that was removed stays readable: somebody has to see what was meant.
  const gone = source !== '' && !sources.some(({ name }) => name === source);
  return (
    <ConfigField path="source" label={t('source')} hint={t('sourceHint')} required>
      {(aria, readOnly) => (
        <Select
          {...aria}
          className="w-full"
          disabled={readOnly}
          placeholder={t('choose')}
          value={source}
          onValueChange={putSource}
          options={[
            ...sources.map(({ name, kind }) => ({ value: name, label: name, hint: labelOf(kind) })),
            ...(gone ? [{ value: source, label: source, hint: t('sourceGone') }] : []),
          ]}
        />
      )}
    </ConfigField>
  );
}

function JudgeField() {
  const t = useTranslations('workbench.basics');
  const { config, put, judges } = useWorkbench();
  const name = useJudgeName();
  const known = judges.some((judge) => judge.name === name);
  return (
    <ConfigField path="judge.name" label={t('judge')} hint={t('judgeHint')}>
      {(aria, readOnly) => (
        <Select
          {...aria}
          className="w-full"
          disabled={readOnly}
          value={name}
          onValueChange={(next) => put({ ...config, judge: { ...config.judge, name: next } })}
          options={[
            ...judges.map((judge) => ({ value: judge.name, label: judge.label, hint: judge.name })),
            ...(known ? [] : [{ value: name, label: name, hint: t('judgeUnknown') }]),
          ]}
        />
      )}
    </ConfigField>
  );
}

function Thresholds() {
  const t = useTranslations('workbench.basics');
  const { config, put } = useWorkbench();
  const { pass, marginal } = thresholdsOf(config);
  const path = 'classifier.scoreThresholds';
  return (
    <div className="flex flex-col gap-1 sm:col-span-2">
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          path={`${path}.pass`}
          label={t('pass')}
          value={pass}
          min={0}
          max={100}
          onChange={(value = 0) => put(withThresholds(config, { pass: value }))}
        />
        <NumberField
          path={`${path}.marginal`}
          label={t('marginal')}
          value={marginal}
          min={0}
          max={100}
          onChange={(value = 0) => put(withThresholds(config, { marginal: value }))}
        />
      </div>
      <p className="text-muted text-xs">{t('thresholdsHint')}</p>
    </div>
  );
}
