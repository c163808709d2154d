import { sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { toggleStates, toggles } from '@/db/schema';
import { type Targeting, toggleDefinitionSchema } from '@/server/domain/toggles';

export const FLAGS = 350;
export const ENVIRONMENT = 'prod';
const ON_OFF = { on: true, off: false };

/** What a flag's rules are: a third has none, a third has some, a third splits people as well. */
export function kindOf(index: number): 'plain' | 'rules' | 'split' {
  return (['plain', 'rules', 'split'] as const)[index % 3] ?? 'plain';
}

function targetingOf(index: number): Targeting | null {
  const pro = { '===': [{ var: 'plan' }, 'pro'] };
  const kind = kindOf(index);
  switch (kind) {
    case 'plain':
      return null;
    case 'rules':
      return { if: [pro, 'on', 'off'] };
    case 'split': {
      const share = index % 100;
      const fractional = [
        ['on', share],
        ['off', 100 - share],
      ];
      return { if: [pro, 'on', { in: [{ var: 'country' }, ['KR', 'DE']] }, { fractional }, 'off'] };
    }
    default:
      return kind satisfies never;
  }
}

export const flagKey = (index: number) => `flag-${index}`;

/** All flags of the benchmark. */
export async function writeFlags(db: Database): Promise<void> {
  const indices = Array.from({ length: FLAGS }, (_, index) => index);
  await db.insert(toggles).values(
    indices.map((index) => {
      const key = flagKey(index);
      return { key, name: key, kind: 'release' as const, variants: ON_OFF, createdBy: 'x', updatedBy: 'x' };
    }),
  );
  await db.insert(toggleStates).values(
    indices.map((index) => ({
      toggle: flagKey(index),
      environment: ENVIRONMENT,
      definition: toggleDefinitionSchema.parse({
        on: true,
        defaultVariant: 'off',
        targeting: targetingOf(index),
      }),
      updatedBy: 'x',
    })),
  );
}

/** Flips the first flag for everyone, as the switch on the page does. */
export async function flip(db: Database, variant: 'on' | 'off'): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      UPDATE toggle_states SET definition = jsonb_set(definition, '{defaultVariant}', ${JSON.stringify(variant)}::jsonb)
      WHERE toggle = ${flagKey(0)}`);
    await tx.execute(sql`INSERT INTO events (kind, subject) VALUES ('toggle', ${flagKey(0)})`);
  });
}

export function contextOf(index: number) {
  return {
    targetingKey: `user-${index}`,
    plan: index % 4 === 0 ? 'pro' : 'free',
    country: index % 2 === 0 ? 'KR' : 'US',
  };
}
