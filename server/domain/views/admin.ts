import type { PipelineDefinition } from '@/server/domain/pipeline';
import type { Permission, Role } from '@/server/domain/roles';
import type { StageGroup } from '@/server/domain/stage-group';
import type { ExecutionSummary } from '@/server/domain/views/execution';

export interface Me {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly permissions: readonly Permission[];
}

export interface UserView {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly origin: 'local' | 'oidc';
  readonly lastSeenAt: string | null;
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly scopes: readonly Permission[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly via: string;
  readonly action: string;
  readonly application: string | null;
  readonly subject: string;
  readonly reason: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

export interface PipelineView {
  readonly application: string;
  readonly name: string;
  readonly revision: number;
  readonly definition: PipelineDefinition;
  /** Whether who starts it must say what to deliver; false when a stage finds or makes that. */
  readonly needsArtifact: boolean;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly recent: readonly ExecutionSummary[];
}

/** A pipeline as it stood from one save to the next. */
export interface PipelineRevisionView {
  readonly revision: number;
  readonly definition: PipelineDefinition;
  readonly at: string;
  readonly by: string;
}

export interface ArtifactView {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly createdAt: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly veto: { readonly reason: string; readonly by: string; readonly at: string } | null;
  /** Environments where it takes traffic now. */
  readonly runsIn: readonly string[];
}

/** What this installation can do, read from the registries. */
export interface Catalogue {
  readonly providers: readonly {
    readonly kind: string;
    readonly label: string;
    readonly capabilities: Readonly<Record<string, boolean>>;
  }[];
  readonly strategies: readonly {
    readonly kind: string;
    readonly label: string;
    readonly optionsSchema: unknown;
  }[];
  readonly stages: readonly {
    readonly type: string;
    readonly label: string;
    /** Where the editor offers it. */
    readonly group: StageGroup;
    readonly authorable: boolean;
    readonly configSchema: unknown;
  }[];
  readonly triggers: readonly {
    readonly type: string;
    readonly label: string;
    readonly configSchema: unknown;
  }[];
  /** Kinds of webhook sources. */
  readonly webhooks: readonly { readonly kind: string; readonly label: string }[];
  /** Formats of messages to notification endpoints. */
  readonly notifications: readonly { readonly kind: string; readonly label: string }[];
  /** Kinds of metrics sources. */
  readonly metricsSources: readonly {
    readonly kind: string;
    readonly label: string;
    readonly configSchema: unknown;
  }[];
  /** Judges of canaries, that of new configurations first. */
  readonly judges: readonly {
    readonly name: string;
    readonly label: string;
    /** Other names by which a configuration may ask for it. */
    readonly aliases: readonly string[];
  }[];
}

export interface SystemHealth {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly database: { readonly ok: boolean; readonly latencyMs: number | null };
  readonly workers: readonly {
    readonly id: string;
    readonly host: string;
    readonly pid: number;
    readonly version: string;
    readonly startedAt: string;
    readonly seenAt: string;
    readonly alive: boolean;
  }[];
}

/** A platform that accounts can be of. */
export interface AccountType {
  readonly kind: string;
  readonly label: string;
  /** JSON schema of its settings. */
  readonly configSchema: unknown;
}

/** Says where credentials are; holds none. */
export interface AccountSettings {
  readonly name: string;
  readonly provider: string;
  readonly config: Readonly<Record<string, unknown>>;
}
