import { z } from 'zod';
import type { Permission } from '@/server/domain/roles';
import type { ServiceContext } from '@/server/services/context';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One door for machines. The handlers and the OpenAPI document are both made from these. */
export interface Route {
  readonly method: Method;
  /** From `/api/v1`; `{name}` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  /** What the token must be allowed; the service behind checks again. */
  readonly permission: Permission;
  readonly params: z.ZodType<Record<string, unknown>>;
  readonly query: z.ZodType<Record<string, unknown>>;
  /** Null when it takes none, `bytes` for a file. */
  readonly body: z.ZodType | 'bytes' | null;
  readonly output: z.ZodType;
  /** Of success. */
  readonly status: 200 | 201;
  readonly handle: (ctx: ServiceContext, input: RouteInput<unknown, unknown, unknown>) => Promise<unknown>;
}

export interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly idempotencyKey: string | undefined;
}

type Fields = Record<string, unknown>;

interface RouteDefinition<Params extends Fields, Query extends Fields, Body, Output> {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly output: z.ZodType<Output>;
  readonly status?: 200 | 201;
  readonly handle: (ctx: ServiceContext, input: RouteInput<Params, Query, Body>) => Promise<Output>;
}

const NOTHING = z.object({});

/** A line of the table, checked: what the handler gets and answers fits its schemas. */
export function route<Params extends Fields, Query extends Fields, Body, Output>(
  definition: RouteDefinition<Params, Query, Body, Output>,
): Route {
  return {
    ...definition,
    params: definition.params ?? NOTHING,
    query: definition.query ?? NOTHING,
    body: definition.body ?? null,
    status: definition.status ?? 200,
    // Sound because the dispatcher hands over only what these very schemas have parsed.
    handle: (ctx, input) => definition.handle(ctx, input as RouteInput<Params, Query, Body>),
  };
}
