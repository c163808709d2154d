import type { Database } from '@/db/client';
import type { Clock } from '@/server/domain/clock';
import { AppError } from '@/server/domain/errors';
import type { Permission, Role } from '@/server/domain/roles';
import { rolesGranting } from '@/server/domain/roles';
import type { SecretBox } from '@/server/secrets/seal';

/** Who acts, and how they came. */
export interface Actor {
  readonly userId: string | null;
  /** Shown in audit and on screens; for tokens `user (token name)`. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** A token's permissions are its scopes cut by what its owner may do now. */
  readonly permissions: ReadonlySet<Permission>;
  readonly via: 'web' | 'api' | 'cli' | 'engine';
}

/** What every service gets first. `actor` is null for someone who is not signed in. */
export interface ServiceContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly actor: Actor | null;
  /** For secrets that must be read again; absent where none are handled. */
  readonly secrets?: SecretBox;
}

/** @throws AppError `unauthenticated` without an actor. */
export function requireActor(ctx: ServiceContext): Actor {
  if (ctx.actor) return ctx.actor;
  throw new AppError('unauthenticated', 'Sign in, or send an API token as "Authorization: Bearer …".');
}

/**
 * @throws AppError `unauthenticated` without an actor, `forbidden` without the permission; the
 * sentence names who could help.
 */
export function requirePermission(ctx: ServiceContext, permission: Permission): Actor {
  const actor = requireActor(ctx);
  if (actor.permissions.has(permission)) return actor;
  const helpers = rolesGranting(permission).join(' or ');
  throw new AppError(
    'forbidden',
    `This needs the permission "${permission}", which ${actor.name} does not have. Ask someone with the role ${helpers}.`,
    { permission },
  );
}
