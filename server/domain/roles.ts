import { z } from 'zod';

export const ROLES = ['engineer', 'releaseManager', 'productOwner', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** What one may be allowed to do. Approving is apart from deploying: a pure approver is a real job. */
export const PERMISSIONS = [
  'read',
  'application.write',
  'artifact.publish',
  'artifact.veto',
  'pipeline.write',
  'execution.start',
  'execution.control',
  'stage.skip',
  'window.override',
  'judgment.decide',
  'cluster.rollback',
  'cluster.operate',
  'toggle.write',
  /** Approve what another person drafted for an environment that demands review. */
  'toggle.review',
  'integration.write',
  'user.admin',
  'token.own',
  'audit.read',
] as const;
export const permissionSchema = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permissionSchema>;

const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  engineer: [
    'read',
    'application.write',
    'artifact.publish',
    'artifact.veto',
    'pipeline.write',
    'execution.start',
    'execution.control',
    'stage.skip',
    'cluster.rollback',
    'cluster.operate',
    'toggle.write',
    'token.own',
    'audit.read',
  ],
  releaseManager: [
    'read',
    'artifact.veto',
    'execution.start',
    'execution.control',
    'stage.skip',
    'window.override',
    'judgment.decide',
    'cluster.rollback',
    'cluster.operate',
    'toggle.review',
    'token.own',
    'audit.read',
  ],
  productOwner: ['read', 'toggle.write', 'toggle.review', 'token.own', 'audit.read'],
  admin: PERMISSIONS,
};

export function permissionsOf(roles: readonly Role[]): Set<Permission> {
  return new Set(roles.flatMap((role) => GRANTS[role]));
}

/** Roles that grant a permission, for sentences such as "ask someone who is …". */
export function rolesGranting(permission: Permission): Role[] {
  return ROLES.filter((role) => GRANTS[role].includes(permission));
}
