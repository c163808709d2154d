'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { type GroupRow, groupRows } from '@/components/canary/report.view';
import { useNumbers } from '@/components/canary/use-numbers';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import type { CanaryConfig, Judgement } from '@/server/domain/canary';

interface GroupScoresProps {
  readonly judgement: Judgement;
  readonly config: CanaryConfig;
}

/** What each group adds to the score; a group's name shows its metrics only. */
export function GroupScores({ judgement, config }: GroupScoresProps) {
  const t = useTranslations('canary.groups');
  const rows = groupRows(judgement, config);
  if (rows.length === 0) return null;
  return (
    <Card aria-label={t('title')} className="overflow-hidden">
      <CardHeader>
        <CardTitle>{t('title')}</CardTitle>
      </CardHeader>
      <div className="scroll-slim max-h-96 overflow-y-auto">
        <table className="w-full text-sm">
          <thead className="text-muted text-xs">
            <tr>
              <th scope="col" className="py-1.5 pl-4 text-left font-medium">
                {t('name')}
              </th>
              {(['metrics', 'weight', 'score'] as const).map((column) => (
                <th key={column} scope="col" className="px-2 py-1.5 text-right font-medium last:pr-4">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <GroupLine key={row.name} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function GroupLine({ row }: { row: GroupRow }) {
  const t = useTranslations('canary.groups');
  const numbers = useNumbers();
  const [group, setGroup] = useQueryState('group', parseAsString);
  const name = row.name === 'ungrouped' ? t('ungrouped') : row.name;
  const chosen = group === row.name;
  return (
    <tr className="border-t">
      <th scope="row" className="max-w-40 py-1.5 pl-4 text-left font-normal">
        <button
          type="button"
          aria-pressed={chosen}
          title={t('filter', { group: name })}
          onClick={() => void setGroup(chosen ? null : row.name)}
          className={cn(
            'max-w-full truncate rounded-sm underline-offset-4 hover:underline',
            chosen ? 'font-semibold text-accent-ink underline' : 'font-medium',
          )}
        >
          {name}
        </button>
      </th>
      <td className="whitespace-nowrap px-2 py-1.5 text-right">
        {row.failed > 0 ? (
          <span className="text-danger-ink">{t('bad', { count: row.failed })} / </span>
        ) : null}
        {numbers.count(row.metrics)}
      </td>
      <td className="px-2 py-1.5 text-right text-muted">{numbers.percent(row.weight)}</td>
      <td className="whitespace-nowrap py-1.5 pr-4 pl-2 text-right font-medium">
        {row.noData ? (
          <span className="font-normal text-muted">{t('noData')}</span>
        ) : (
          numbers.score(row.score)
        )}
      </td>
    </tr>
  );
}
