import type { executions } from '@/db/schema';
import { movesOnlyToggles, RAMP_PIPELINE } from '@/server/domain/ramp';
import type { Permission, Role } from '@/server/domain/roles';
import type { Actor } from '@/server/services/context';

/** A gate as far as it matters for who decides it. */
export interface GateKind {
  /** Type of its stage. */
  readonly type: string;
  readonly roles: readonly Role[];
  /** Types of all stages of the pipeline it is in. */
  readonly stageTypes: readonly string[];
}

/**
 * The permissions of which one is needed to decide a gate, the usual one first. One that holds nothing but toggles back
 * belongs to those who review toggles, and once it is under way to those who switch them as well.
 */
export function decidingPermissions({ type, stageTypes }: Omit<GateKind, 'roles'>): readonly Permission[] {
  if (!movesOnlyToggles(stageTypes)) return ['judgment.decide'];
  return type === 'manualJudgment'
    ? ['toggle.review', 'judgment.decide']
    : ['toggle.write', 'toggle.review', 'judgment.decide'];
}

/** Whether someone has the permission to decide a gate. */
export function isPermitted(actor: Actor, gate: Omit<GateKind, 'roles'>): boolean {
  return decidingPermissions(gate).some((permission) => actor.permissions.has(permission));
}

/** Whether someone may judge a gate: they need the permission, and one of its roles where it names any. */
export function mayDecide(actor: Actor, gate: GateKind): boolean {
  return isPermitted(actor, gate) && holdsRole(actor, gate.roles);
}

/** Whether someone has a role that a gate asks for. */
export function holdsRole(actor: Actor, gateRoles: readonly Role[]): boolean {
  return gateRoles.length === 0 || gateRoles.some((role) => actor.roles.includes(role));
}

/** The types of a pipeline's stages. */
export function typesOf({ stages }: { readonly stages: readonly { readonly type: string }[] }): string[] {
  return stages.map(({ type }) => type);
}

/** A ramp asks before it begins only where changes demand review: who wants it cannot be who agrees to it. */
export function isOwnRamp(
  actor: Actor,
  { pipeline, trigger }: Pick<typeof executions.$inferSelect, 'pipeline' | 'trigger'>,
  type: string,
): boolean {
  if (pipeline !== RAMP_PIPELINE || type !== 'manualJudgment') return false;
  return trigger.userId ? trigger.userId === actor.userId : trigger.by === actor.name;
}
