'use client';

import { Scale, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import {
  type GroupRow,
  groupRows,
  spreadWeights,
  weightSum,
  withWeight,
} from '@/components/canary/workbench/config.view';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import { issuesAt } from '@/components/editor/issues.view';
import { Button, IconButton } from '@/components/ui/button';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/field';

const PATH = 'classifier.groupWeights';

/** How much each group of metrics counts for the score. */
export function GroupsCard() {
  const t = useTranslations('workbench.groups');
  const { config, put } = useWorkbench();
  const { readOnly, issues } = useForm();
  const rows = groupRows(config);
  if (rows.length === 0) return null;
  const sum = weightSum(config);
  const isOdd = sum !== 100 && rows.some(({ weight }) => weight !== null);
  const problems = issuesAt(issues, PATH);
  return (
    <Card aria-label={t('title')}>
      <CardHeader className="justify-between">
        <div className="min-w-0">
          <CardTitle>{t('title')}</CardTitle>
          <p className="text-muted text-sm">{t('description')}</p>
        </div>
        {readOnly ? null : (
          <Button size="sm" onClick={() => put(spreadWeights(config))}>
            <Scale aria-hidden />
            {t('spread')}
          </Button>
        )}
      </CardHeader>
      <ul className="flex flex-col divide-y" data-path={PATH}>
        {rows.map((row) => (
          <GroupLine key={row.name} row={row} />
        ))}
        <li className="flex items-center justify-between gap-3 px-4 py-2 text-sm">
          <span className="text-muted">{t('sum')}</span>
          <span className={cn('w-28 pr-14 text-right tabular-nums', isOdd && 'text-caution-ink')}>{sum}</span>
        </li>
      </ul>
      {problems.map(({ message }) => (
        <p key={message} className="px-4 pb-2 text-danger-ink text-xs">
          {message}
        </p>
      ))}
      {sum === 100 ? null : <p className="px-4 pb-3 text-muted text-xs">{t('notHundred')}</p>}
    </Card>
  );
}

function GroupLine({ row }: { row: GroupRow }) {
  const t = useTranslations('workbench.groups');
  const { config, put } = useWorkbench();
  const { readOnly, issues } = useForm();
  const path = `${PATH}.${row.name}`;
  const problems = issuesAt(issues, path);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 px-4 py-1.5" data-path={path}>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium text-sm" title={row.name}>
          {row.name}
        </span>
        <span className="text-muted text-xs">
          {row.counted + row.muted === 0
            ? t('unused')
            : t('metrics', { counted: row.counted, muted: row.muted })}
        </span>
      </span>
      <span className="flex items-center gap-1">
        <Input
          type="number"
          min={0}
          max={100}
          step="any"
          readOnly={readOnly}
          aria-label={t('weightOf', { name: row.name })}
          aria-invalid={problems.length > 0 || undefined}
          className="w-20 text-right tabular-nums"
          placeholder={t('share')}
          value={row.weight ?? ''}
          onChange={({ target }) =>
            put(withWeight(config, row.name, target.value === '' ? undefined : Number(target.value)))
          }
        />
        {readOnly ? null : (
          <IconButton
            size="sm"
            label={t('forget', { name: row.name })}
            disabled={row.weight === null}
            onClick={() => put(withWeight(config, row.name, undefined))}
          >
            <X aria-hidden />
          </IconButton>
        )}
      </span>
      {problems.map(({ message }) => (
        <p key={message} className="w-full text-danger-ink text-xs">
          {message}
        </p>
      ))}
    </li>
  );
}
