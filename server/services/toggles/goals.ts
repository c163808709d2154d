import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { toggleCounts, toggleEnvironments, toggleGoals, toggleStates } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import { flagKeySchema } from '@/server/domain/toggles';
import type { ToggleGoals, VariantGoals } from '@/server/domain/views/toggle-goals';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import type { Reader } from '@/server/services/shared/reader';
import { iso } from '@/server/services/shared/sql';
import { findToggle } from '@/server/toggle-state/find';

const DAY_MS = 86_400_000;
/** Experiments run for weeks, and people read them by the week. */
const USUAL_DAYS = 28;
const LONGEST_DAYS = 366;
/** Whoever holds a key chooses the names of goals. */
const MOST_GOALS = 100;

export const toggleGoalsInput = z.object({
  key: flagKeySchema,
  /** The last four weeks when left out. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** What an experiment is read by: per environment and variant, how often it was served and what was tracked. */
export async function readGoals(
  ctx: ServiceContext,
  input: z.output<typeof toggleGoalsInput>,
): Promise<ToggleGoals> {
  requirePermission(ctx, 'read');
  const to = input.to ? new Date(input.to) : ctx.clock.now();
  const from = input.from ? new Date(input.from) : new Date(to.getTime() - USUAL_DAYS * DAY_MS);
  if (from >= to || to.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS)
    throw new AppError('bad_request', `Give a time of at most ${LONGEST_DAYS} days, from before to.`);
  const { key, variants } = await findToggle(ctx.db, input.key);
  const places = await ctx.db
    .select({ name: toggleEnvironments.name })
    .from(toggleStates)
    .innerJoin(toggleEnvironments, eq(toggleEnvironments.name, toggleStates.environment))
    .where(eq(toggleStates.toggle, key))
    .orderBy(toggleEnvironments.order, toggleEnvironments.name);
  const environments = [];
  for (const { name } of places)
    environments.push({
      environment: name,
      variants: await variantsIn(ctx.db, key, name, Object.keys(variants), { from, to }),
    });
  return { from: iso(from), to: iso(to), environments };
}

/** Those that it has, and those that it had when they were counted. */
async function variantsIn(
  db: Reader,
  toggle: string,
  environment: string,
  known: readonly string[],
  { from, to }: Span,
): Promise<VariantGoals[]> {
  const served = await db
    .select({ variant: toggleCounts.variant, count: sql<number>`sum(${toggleCounts.count})::float8` })
    .from(toggleCounts)
    .where(
      and(
        eq(toggleCounts.toggle, toggle),
        eq(toggleCounts.environment, environment),
        gte(toggleCounts.hour, from),
        lt(toggleCounts.hour, to),
      ),
    )
    .groupBy(toggleCounts.variant)
    .orderBy(toggleCounts.variant);
  const count = sql<number>`sum(${toggleGoals.count})::float8`;
  const tracked = await db
    .select({
      variant: toggleGoals.variant,
      goal: toggleGoals.goal,
      count,
      sum: sql<number>`sum(${toggleGoals.sum})::float8`,
    })
    .from(toggleGoals)
    .where(
      and(
        eq(toggleGoals.environment, environment),
        eq(toggleGoals.toggle, toggle),
        gte(toggleGoals.hour, from),
        lt(toggleGoals.hour, to),
      ),
    )
    .groupBy(toggleGoals.variant, toggleGoals.goal)
    .orderBy(desc(count), toggleGoals.goal)
    .limit(MOST_GOALS);
  // The empty variant is the default in the code, which has no goals.
  const names = new Set([
    ...known,
    ...served.map(({ variant }) => variant),
    ...tracked.map(({ variant }) => variant),
  ]);
  return [...names].map((variant) => ({
    variant: variant === '' ? null : variant,
    evaluations: served.find((one) => one.variant === variant)?.count ?? 0,
    goals: tracked
      .filter((one) => one.variant === variant)
      .map(({ goal, count: times, sum }) => ({ goal, count: times, sum })),
  }));
}
