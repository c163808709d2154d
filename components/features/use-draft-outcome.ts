'use client';

import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '@/components/trpc/trpc';
import type { ToggleDefinition } from '@/server/domain/toggles';

/** People type faster than they want answers. */
const PAUSE_MS = 350;

interface Asked {
  readonly key: string;
  readonly environment: string;
  /** Null while it cannot be asked about. */
  readonly definition: ToggleDefinition | null;
}

/** What a draft would serve, what the clock would do to it, and what is wrong with it; as the server sees it. */
export function useDraftOutcome({ key, environment, definition }: Asked) {
  const trpc = useTRPC();
  const preview = useMutation(trpc.toggles.preview.mutationOptions());
  const schedule = useMutation(trpc.toggles.schedulePreview.mutationOptions());
  const askPreview = preview.mutate;
  const askSchedule = schedule.mutate;
  useEffect(() => {
    if (definition === null) return;
    const timer = setTimeout(() => {
      askPreview({ key, environment, definition, context: {} });
      askSchedule({ key, environment, definition });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, environment, definition, askPreview, askSchedule]);
  return {
    serving: preview.data?.serving ?? null,
    moments: schedule.data ?? [],
    problem: preview.error?.message ?? null,
    isAsking: preview.isPending,
  };
}
