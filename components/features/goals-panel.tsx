'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { goalRows, hasGoals } from '@/components/features/goals.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Panel } from '@/components/ui/panel';
import type { ToggleView } from '@/server/domain/views/toggles';

/** How often those who had a variant reached a goal; shown once there is one, and always for experiments. */
export function GoalsPanel({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.goals');
  const trpc = useTRPC();
  const { data } = useQuery(trpc.toggles.goals.queryOptions({ key: feature.key }));
  if (!data || (feature.kind !== 'experiment' && !hasGoals(data))) return null;
  const rows = goalRows(data);
  return (
    <Panel title={t('title')} description={t('description')}>
      {rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-muted text-sm">{t('none')}</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b text-left text-muted text-xs">
                {(['environment', 'variant', 'goal'] as const).map((column) => (
                  <th key={column} scope="col" className="px-4 py-2 font-medium">
                    {t(column)}
                  </th>
                ))}
                {(['served', 'count', 'sum'] as const).map((column) => (
                  <th key={column} scope="col" className="px-4 py-2 text-right font-medium">
                    {t(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ environment, variant, goal, evaluations, count, sum }) => (
                <tr key={`${environment} ${variant} ${goal}`} className="border-b last:border-b-0">
                  <td className="px-4 py-2">{environment}</td>
                  <td className="px-4 py-2">{variant ?? t('codeDefault')}</td>
                  <td className="px-4 py-2">{goal ?? '–'}</td>
                  <td className="px-4 py-2 text-right tabular-nums">{t('number', { value: evaluations })}</td>
                  <td className="px-4 py-2 text-right tabular-nums">{t('number', { value: count })}</td>
                  <td className="px-4 py-2 text-right tabular-nums">{t('number', { value: sum })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
