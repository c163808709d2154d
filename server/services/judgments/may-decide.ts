import type { Role } from '@/server/domain/roles';
import type { Actor } from '@/server/services/context';

/** Whether someone may judge a gate: they need the permission, and one of its roles where it names any. */
export function mayDecide(actor: Actor, gateRoles: readonly Role[]): boolean {
  return actor.permissions.has('judgment.decide') && holdsRole(actor, gateRoles);
}

/** Whether someone has a role that a gate asks for. */
export function holdsRole(actor: Actor, gateRoles: readonly Role[]): boolean {
  return gateRoles.length === 0 || gateRoles.some((role) => actor.roles.includes(role));
}
