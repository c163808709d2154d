import { z } from 'zod';
import { accountAppliedSchema, accountOverlapsSchema } from '@/server/api/rest/platform-schemas';
import { type Route, route } from '@/server/api/rest/route';
import * as answers from '@/server/api/rest/schemas';
import { applyAccount, applyAccountInput } from '@/server/services/accounts/apply';
import { listAccounts } from '@/server/services/accounts/list';
import { listOverlaps } from '@/server/services/accounts/overlaps';
import { listAudit, listAuditInput } from '@/server/services/audit/list';
import { createToken, createTokenInput } from '@/server/services/tokens/create';
import { listTokens } from '@/server/services/tokens/list';
import { revokeToken } from '@/server/services/tokens/revoke';
import { createUser, createUserInput } from '@/server/services/users/create';
import { findUserId } from '@/server/services/users/find';
import { listUsers } from '@/server/services/users/list';
import { resetPassword } from '@/server/services/users/reset-password';

const none = z.object({});
/** In an address everything is text. */
const limit = z.coerce.number().pipe(listAuditInput.shape.limit.unwrap()).default(50);

/** Accounts, audit, tokens and people. */
export const administrationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/accounts',
    summary: 'Accounts and when each was last seen',
    permission: 'read',
    output: z.object({ items: z.array(answers.accountSchema) }),
    handle: async (ctx) => ({ items: await listAccounts(ctx, {}) }),
  }),
  route({
    method: 'GET',
    path: '/account-overlaps',
    summary: 'Accounts through which the same server groups are seen, and counted twice',
    permission: 'read',
    output: accountOverlapsSchema,
    handle: async (ctx) => ({ items: await listOverlaps(ctx, {}) }),
  }),
  route({
    method: 'PUT',
    path: '/accounts/{name}',
    summary: 'Add an account or change it',
    permission: 'user.admin',
    params: applyAccountInput.pick({ name: true }),
    body: applyAccountInput.omit({ name: true }),
    output: accountAppliedSchema,
    handle: (ctx, { params, body }) => applyAccount(ctx, { ...body, ...params }),
  }),
  route({
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what, newest first',
    permission: 'audit.read',
    query: listAuditInput.extend({ limit }),
    output: answers.auditPageSchema,
    handle: (ctx, { query }) => listAudit(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/tokens',
    summary: "One's own tokens; everyone's for an admin",
    permission: 'token.own',
    output: z.object({ items: z.array(answers.tokenSchema) }),
    handle: async (ctx) => ({ items: await listTokens(ctx, {}) }),
  }),
  route({
    method: 'POST',
    path: '/tokens',
    summary: 'Make a token; it is answered this once',
    permission: 'token.own',
    body: createTokenInput,
    output: z.object({ id: z.uuid(), token: z.string() }),
    status: 201,
    handle: (ctx, { body }) => createToken(ctx, body),
  }),
  route({
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'End a token',
    permission: 'token.own',
    params: z.object({ id: z.uuid() }),
    output: answers.okSchema,
    handle: (ctx, { params }) => revokeToken(ctx, params),
  }),
  route({
    method: 'GET',
    path: '/users',
    summary: 'Everyone who may sign in',
    permission: 'user.admin',
    output: z.object({ items: z.array(answers.userSchema) }),
    handle: async (ctx) => ({ items: await listUsers(ctx, {}) }),
  }),
  route({
    method: 'POST',
    path: '/users',
    summary: 'Add a local user; a generated password is answered this once',
    permission: 'user.admin',
    body: createUserInput,
    output: z.object({ id: z.uuid(), password: z.string().nullable() }),
    status: 201,
    handle: (ctx, { body }) => createUser(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/users/{username}/password',
    summary: 'Give a user a new password, answered this once; ends their sessions',
    permission: 'user.admin',
    params: z.object({ username: z.string() }),
    body: none,
    output: z.object({ password: z.string() }),
    handle: async (ctx, { params }) => resetPassword(ctx, { userId: await findUserId(ctx, params.username) }),
  }),
];
