'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { thresholdsOf } from '@/components/canary/workbench/config.view';
import { scopesOf, type TypedSides, usualSides } from '@/components/canary/workbench/scopes.view';
import {
  PRESETS,
  type Preset,
  usualStep,
  type WindowProblem,
  windowBack,
  windowBetween,
} from '@/components/canary/workbench/try.view';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useTRPC } from '@/components/trpc/trpc';
import type { AnalysisWindow, ScopePair } from '@/server/domain/analysis';
import type { CanaryConfig } from '@/server/domain/canary';

export interface WindowChoice {
  readonly preset: Preset | 'custom';
  /** Of a custom one, in the reader's own time. */
  readonly from: string;
  readonly to: string;
  /** Null for the usual one. */
  readonly stepSeconds: number | null;
}

export const USUAL_WINDOW: WindowChoice = { preset: 'm15', from: '', to: '', stepSeconds: null };

/** How long it is, as far as that can be told. */
export function lengthOf({ preset, from, to }: WindowChoice): number {
  if (preset !== 'custom') return PRESETS[preset];
  const length = Date.parse(to) - Date.parse(from);
  return length > 0 ? length : PRESETS.m15;
}

export function stepOf(choice: WindowChoice): number {
  return choice.stepSeconds ?? usualStep(lengthOf(choice));
}

export function windowOf(choice: WindowChoice, now: number): AnalysisWindow | WindowProblem {
  const stepMs = stepOf(choice) * 1_000;
  if (choice.preset !== 'custom') return windowBack(PRESETS[choice.preset], now, stepMs);
  return windowBetween(choice.from, choice.to, now, stepMs);
}

/** What was tried: the answer stays beside what it was asked with. */
export interface Tried {
  readonly config: CanaryConfig;
  readonly scopes: ScopePair;
}

/** Which sides and window are looked at, and what came of the last look. */
export function useTry() {
  const { application, config, source } = useWorkbench();
  const trpc = useTRPC();
  const suggestions = useQuery(trpc.canaryConfigs.scopes.queryOptions({ application })).data;
  const [typed, setSides] = useState<TypedSides | null>(null);
  const [choice, setChoice] = useState(USUAL_WINDOW);
  const [tried, setTried] = useState<Tried | null>(null);
  const preview = useMutation(trpc.canaryConfigs.preview.mutationOptions());
  const sides = typed ?? usualSides(suggestions ?? []);
  const scopes = scopesOf(sides);
  const run = (window: AnalysisWindow) => {
    if (!scopes || preview.isPending) return;
    const { pass, marginal } = thresholdsOf(config);
    setTried({ config, scopes });
    preview.mutate({ application, source, config, scopes, window, passScore: pass, marginalScore: marginal });
  };
  return { suggestions: suggestions ?? [], sides, setSides, choice, setChoice, scopes, tried, preview, run };
}
export type Try = ReturnType<typeof useTry>;
