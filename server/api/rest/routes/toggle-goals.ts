import { z } from 'zod';
import { type Route, route } from '@/server/api/rest/route';
import type { ToggleGoals } from '@/server/domain/views/toggle-goals';
import { readGoals, toggleGoalsInput } from '@/server/services/toggles/goals';

const goalsSchema: z.ZodType<ToggleGoals> = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  environments: z.array(
    z.object({
      environment: z.string(),
      variants: z.array(
        z.object({
          variant: z.string().nullable(),
          evaluations: z.number(),
          goals: z.array(z.object({ goal: z.string(), count: z.number(), sum: z.number() })),
        }),
      ),
    }),
  ),
});

/** What experiments are read by. */
export const toggleGoalRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/toggles/{key}/goals',
    summary: 'How often each variant was served, and which goals were tracked by those who had it',
    permission: 'read',
    params: toggleGoalsInput.pick({ key: true }),
    query: toggleGoalsInput.omit({ key: true }),
    output: goalsSchema,
    handle: (ctx, { params, query }) => readGoals(ctx, { ...params, ...query }),
  }),
];
