import type { ToggleGoals } from '@/server/domain/views/toggle-goals';

export interface GoalRow {
  readonly environment: string;
  readonly variant: string | null;
  /** Null for a variant whose people have reached none. */
  readonly goal: string | null;
  readonly evaluations: number;
  readonly count: number;
  readonly sum: number;
}

/** Whether anybody has reached any goal. */
export function hasGoals({ environments }: ToggleGoals): boolean {
  return environments.some(({ variants }) => variants.some(({ goals }) => goals.length > 0));
}

/**
 * A row for every variant and goal, so that variants can be compared; those that nobody reached too, wherever another
 * variant was served. Environments in which nothing was served are left out.
 */
export function goalRows({ environments }: ToggleGoals): GoalRow[] {
  return environments.flatMap(({ environment, variants }) => {
    const names = [...new Set(variants.flatMap(({ goals }) => goals.map(({ goal }) => goal)))];
    const served = variants.filter(({ evaluations, goals }) => evaluations > 0 || goals.length > 0);
    return (names.length === 0 ? [null] : names).flatMap((goal) =>
      served.map(({ variant, evaluations, goals }) => {
        const found = goals.find((one) => one.goal === goal);
        return { environment, variant, goal, evaluations, count: found?.count ?? 0, sum: found?.sum ?? 0 };
      }),
    );
  });
}
