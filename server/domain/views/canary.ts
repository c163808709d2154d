import type {
  AnalysisOptions,
  AnalysisStatus,
  AnalysisWindow,
  MetricMeasurement,
  ScopePair,
} from '@/server/domain/analysis';
import type {
  CanaryAction,
  CanaryConfig,
  CanaryMetric,
  Judgement,
  JudgementLabel,
} from '@/server/domain/canary';
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
  /** Whether it compares people who have a variant of a toggle with those who have not, instead of server groups. */
  readonly isByVariant: boolean;
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

/** A kind of metrics source with the forms of its settings and of its queries, as JSON schemas. */
export interface MetricsSourceTypeView {
  readonly kind: string;
  readonly label: string;
  readonly configSchema: unknown;
  readonly querySchema: unknown;
}

/** Whether a metrics source answers. `kind` says what to do about it; see MetricsError. */
export type MetricsSourceCheck =
  | { readonly ok: true; readonly milliseconds: number }
  | {
      readonly ok: false;
      readonly kind: 'query' | 'access' | 'tooMuch' | 'unavailable';
      readonly message: string;
    };

/** Metrics to begin a configuration with. */
export interface MetricTemplateView {
  readonly id: string;
  readonly label: string;
  /** Kind of the metrics source that they ask. */
  readonly source: string;
  readonly metrics: readonly CanaryMetric[];
}

/** A server group that can be a side of a comparison. */
export interface ScopeSuggestion {
  readonly scope: string;
  readonly location: string;
  readonly version: string;
  readonly environment: string | null;
  /** False as well for one that is gone. */
  readonly enabled: boolean;
  readonly createdAt: string;
}

/** A configuration of Kayenta as it would be here. */
export interface KayentaImport {
  /** One that may be given to it here. */
  readonly name: string;
  readonly config: CanaryConfig;
  /** What of it is not known or not supported, in English sentences. */
  readonly notes: readonly string[];
}

export interface AnalysisPage {
  readonly items: readonly AnalysisSummary[];
  readonly nextCursor: string | null;
}
