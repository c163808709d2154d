'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useGoal } from '@/components/editor/use-goal';
import type { CanaryConfig } from '@/server/domain/canary';

export const WORKBENCH_TABS = ['form', 'json'] as const;
export type WorkbenchTab = (typeof WORKBENCH_TABS)[number];

/** Which tab and which metrics are open, and the way to a field. */
export function usePlaces(config: CanaryConfig) {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(WORKBENCH_TABS).withDefault('form'));
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const goTo = useGoal();
  /** Leads to the field of a dotted path, whatever hides it. */
  const goToField = (path: string) => {
    const metric = config.metrics[Number(/^metrics\.(\d+)/.exec(path)?.[1] ?? -1)];
    void setTab('form');
    if (metric) setOpen(new Set([...open, metric.name]));
    goTo(path);
  };
  return {
    tab,
    setTab: (next: string) => void setTab(WORKBENCH_TABS.find((one) => one === next) ?? null),
    open,
    setOpen,
    goToField,
    goToMetric: (name: string) =>
      goToField(`metrics.${config.metrics.findIndex((one) => one.name === name)}`),
  };
}
export type Places = ReturnType<typeof usePlaces>;
