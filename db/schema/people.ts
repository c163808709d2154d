import { bigserial, boolean, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Permission, Role } from '@/server/domain/roles';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** Lower case; what local users sign in with. */
  username: text('username').notNull().unique(),
  displayName: text('display_name').notNull(),
  email: text('email'),
  /** `scrypt$N$r$p$salt$hash`; null for users who come by OIDC. */
  passwordHash: text('password_hash'),
  /** `issuer|subject` for users who come by OIDC. */
  oidcSubject: text('oidc_subject').unique(),
  roles: text('roles').array().$type<Role[]>().notNull().default([]),
  disabled: boolean('disabled').notNull().default(false),
  /** Sessions issued before this moment are void. */
  sessionsValidFrom: moment('sessions_valid_from').notNull().defaultNow(),
  createdAt: moment('created_at').notNull().defaultNow(),
  lastSeenAt: moment('last_seen_at'),
});

export const apiTokens = pgTable('api_tokens', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  /** SHA-256 of the token; the token itself is shown once and never stored. */
  tokenHash: text('token_hash').notNull().unique(),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  scopes: text('scopes').array().$type<Permission[]>().notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
  expiresAt: moment('expires_at'),
  lastUsedAt: moment('last_used_at'),
  revokedAt: moment('revoked_at'),
});

/** Tries to sign in that have not succeeded; the limit on guessing is counted here for all web processes. */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    username: text('username').notNull(),
    address: text('address').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    index('sign_in_failures_username').on(t.username, t.at),
    index('sign_in_failures_address').on(t.address, t.at),
  ],
);

/** Append-only: a trigger refuses UPDATE and DELETE. */
export const audit = pgTable(
  'audit',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    at: moment('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    actorUserId: uuid('actor_user_id'),
    /** How they came: web, api, cli, engine. */
    via: text('via').notNull(),
    /** `<entity>.<verb>`, e.g. judgment.decide. */
    action: text('action').notNull(),
    application: text('application'),
    subject: text('subject').notNull(),
    reason: text('reason'),
    before: jsonb('before'),
    after: jsonb('after'),
  },
  (t) => [index('audit_at').on(t.at), index('audit_application_at').on(t.application, t.at)],
);
