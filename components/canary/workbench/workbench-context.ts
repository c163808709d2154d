'use client';

import { createContext, useContext } from 'react';
import type { Schema } from '@/components/editor/schema.view';
import type { CanaryConfig } from '@/server/domain/canary';
import type { MetricsSourceView } from '@/server/domain/views/canary';

/** A kind of metrics source, as far as a form needs to know it. */
export interface SourceKind {
  readonly kind: string;
  readonly label: string;
  readonly querySchema: Schema;
}

export interface JudgeChoice {
  readonly name: string;
  readonly label: string;
  readonly aliases: readonly string[];
}

/** What every part of the workbench may need. What is wrong, and who may only look, is in the form's own context. */
export interface WorkbenchValue {
  readonly application: string;
  readonly config: CanaryConfig;
  readonly put: (config: CanaryConfig | ((now: CanaryConfig) => CanaryConfig)) => void;
  /** Name of the metrics source. */
  readonly source: string;
  readonly putSource: (source: string) => void;
  readonly sources: readonly MetricsSourceView[];
  readonly kinds: readonly SourceKind[];
  readonly judges: readonly JudgeChoice[];
  /** The name that it is saved under, which stays; null while it may still be chosen. */
  readonly name: string | null;
}

export const WorkbenchContext = createContext<WorkbenchValue | null>(null);

/** Takes Kayenta's configuration and nothing that was added to it here. */
const COMPATIBLE_JUDGE = 'netflix-aca-v1';

export function useWorkbench(): WorkbenchValue {
  const value = useContext(WorkbenchContext);
  if (!value) throw new Error('a part of the workbench was rendered outside of it');
  return value;
}

/** The kind of the source that is asked; undefined while there is none. */
export function useSourceKind(): SourceKind | undefined {
  const { source, sources, kinds } = useWorkbench();
  const kind = sources.find(({ name }) => name === source)?.kind;
  return kinds.find((one) => one.kind === kind);
}

/** The judge's own name, whichever of its names the configuration uses; as it stands when nobody has that name. */
export function useJudgeName(): string {
  const { config, judges } = useWorkbench();
  const name = config.judge?.name;
  const found = judges.find((judge) => judge.name === name || judge.aliases.includes(name ?? ''));
  return found?.name ?? name ?? judges[0]?.name ?? '';
}

/** Whether the judge reads what Kayenta does not know: kinds of metrics, policies, what is harmless. */
export function useReadsMore(): boolean {
  return useJudgeName() !== COMPATIBLE_JUDGE;
}
