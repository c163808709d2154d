import type {
  AnalysisOptions,
  AnalysisStatus,
  AnalysisWindow,
  MetricMeasurement,
  ScopePair,
} from '@/server/domain/analysis';
import type { CanaryAction, CanaryConfig, Judgement, JudgementLabel } from '@/server/domain/canary';
import type { Message } from '@/server/domain/message';

/** What the doors say about canaries: sources, configurations, analyses. Never a secret. */

export interface MetricsSourceView {
  readonly name: string;
  readonly kind: string;
  readonly label: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Which of its secrets are set. */
  readonly secrets: readonly string[];
  /** Canary configurations that ask it. */
  readonly usedBy: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface CanaryConfigSummary {
  readonly application: string;
  readonly name: string;
  readonly source: string;
  readonly judge: string;
  readonly metrics: number;
  /** Pipelines that name it. */
  readonly usedBy: readonly string[];
  readonly revision: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface CanaryConfigView extends CanaryConfigSummary {
  readonly config: CanaryConfig;
}

export interface AnalysisSummary {
  readonly id: string;
  readonly application: string;
  readonly environment: string | null;
  readonly executionId: string;
  readonly refId: string;
  readonly pipeline: string;
  readonly kind: 'realTime' | 'retrospective';
  readonly configName: string;
  readonly source: string;
  readonly scopes: ScopePair;
  readonly status: AnalysisStatus;
  readonly score: number | null;
  readonly classification: JudgementLabel | null;
  readonly sentence: Message | null;
  readonly looks: number;
  /** How many are planned; more where it is extended. */
  readonly plannedLooks: number;
  readonly nextLookAt: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export interface LookSummary extends AnalysisWindow {
  readonly number: number;
  readonly judgedAt: string;
  readonly score: number;
  readonly highestScore: number;
  readonly classification: JudgementLabel;
  readonly action: CanaryAction;
  readonly sentence: Message;
}

/** One look with what it saw. */
export interface LookView extends AnalysisWindow {
  /** 0 for a preview, which is not kept. */
  readonly number: number;
  readonly judgedAt: string;
  readonly judgement: Judgement;
  /** Null where they are not kept any more: a later look holds the same points. */
  readonly measurements: readonly MetricMeasurement[] | null;
}

export interface AnalysisReport extends AnalysisSummary {
  readonly config: CanaryConfig;
  readonly options: AnalysisOptions;
  readonly history: readonly LookSummary[];
  /** The look asked for, or the latest; null before the first. */
  readonly shown: LookView | null;
}
