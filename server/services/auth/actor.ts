import type { Permission, Role } from '@/server/domain/roles';
import { permissionsOf } from '@/server/domain/roles';
import type { Actor } from '@/server/services/context';

interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
}

/** A signed-in person. */
export function personActor(user: Person, via: Actor['via']): Actor {
  return {
    userId: user.id,
    name: user.displayName,
    roles: user.roles,
    permissions: permissionsOf(user.roles),
    via,
  };
}

/** A token acts for its owner, within its scopes and never beyond what the owner may do now. */
export function tokenActor(
  owner: Person,
  token: { readonly name: string; readonly scopes: readonly Permission[] },
  via: Actor['via'],
): Actor {
  const granted = permissionsOf(owner.roles);
  return {
    userId: owner.id,
    name: `${owner.displayName} (${token.name})`,
    roles: owner.roles,
    permissions: new Set(token.scopes.filter((scope) => granted.has(scope))),
    via,
  };
}
