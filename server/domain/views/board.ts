import type { InstanceHealth } from '@/server/domain/inventory';
import type { Message } from '@/server/domain/message';
import type { RampSubject } from '@/server/domain/ramp';
import type { Status } from '@/server/domain/status';
import type { UnseenCause } from '@/server/domain/unseen';

/** The board: applications × environments, each cell what runs in one region. */
export interface Board {
  /** Distinct environment names in board order. */
  readonly environments: readonly string[];
  readonly rows: readonly BoardRow[];
}

export interface BoardRow {
  readonly application: string;
  readonly owner: string;
  readonly cells: readonly BoardCell[];
  readonly waiting: readonly WaitingGate[];
}

export interface BoardCell {
  readonly environment: string;
  readonly region: string;
  readonly account: string;
  readonly cluster: string;
  /** Versions taking traffic, most traffic first; empty when nothing does. */
  readonly versions: readonly CellVersion[];
  readonly health: HealthCount;
  /** What is counted are functions: they have no instances. */
  readonly serverless: boolean;
  /** When the version with most traffic came and who brought it. */
  readonly deployedAt: string | null;
  readonly deployedBy: string | null;
  readonly digest: string | null;
  /** The execution at work on it now. */
  readonly activity: CellActivity | null;
  readonly pin: PinView | null;
  /** When the account was last seen, and why it cannot be seen now. */
  readonly seenAt: string | null;
  readonly stale: string | null;
  /** Null while it can be seen, and where `stale` is in the platform's own words. */
  readonly staleCause: UnseenCause | null;
  readonly url: string | null;
}

export interface CellVersion {
  readonly version: string;
  readonly traffic: number;
}

export type HealthCount = Readonly<Record<InstanceHealth, number>>;

export interface CellActivity {
  readonly executionId: string;
  readonly status: Status;
  readonly version: string | null;
  readonly waitingFor: 'person' | 'time' | 'platform' | 'upstream' | 'slot' | 'retry' | null;
}

export interface WaitingGate {
  readonly executionId: string;
  readonly refId: string;
  readonly application: string;
  readonly pipeline: string;
  readonly environment: string | null;
  readonly version: string | null;
  /** What it raises and where; null when it is no ramp. */
  readonly ramp: RampSubject | null;
  readonly stageName: Message;
  readonly since: string;
  readonly expiresAt: string | null;
  readonly roles: readonly string[];
  /** Whether the person asking may decide it. */
  readonly mine: boolean;
}

export interface PinView {
  readonly version: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly expiresAt: string | null;
}
