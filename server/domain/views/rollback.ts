import type { ArtifactRef } from '@/server/domain/inventory';
import type { Message } from '@/server/domain/message';
import type { PlatformView } from '@/server/domain/views/application';
import type { RollbackPreview } from '@/server/domain/views/execution';

/** One cluster of it. */
export interface EverywherePlace extends RollbackPreview {
  readonly platform: PlatformView;
}

/** What it would do to take back what an execution, or one version, has brought to all its environments. */
export interface EverywhereRollbackPreview {
  readonly application: string;
  /** Null when a version is taken back, whoever brought it. */
  readonly executionId: string | null;
  readonly version: string | null;
  readonly possible: boolean;
  readonly why: Message | null;
  /** One per cluster, also those that stay, which say why. In the order of the environments. */
  readonly places: readonly EverywherePlace[];
  /** Of the slowest. */
  readonly expectedSeconds: number;
  /** Whether `expectedSeconds` is of rollbacks that have been. */
  readonly measured: boolean;
  /** The version in all its forms: nobody may deploy them afterwards. */
  readonly vetoes: readonly ArtifactRef[];
  /** Executions that still bring it, which are withdrawn first. */
  readonly withdraws: readonly { readonly executionId: string; readonly version: string | null }[];
}
