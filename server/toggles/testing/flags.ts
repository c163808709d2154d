import type { FlagFile, ToggleInput } from '@/server/domain/toggles';
import { type Toggle, type ToggleDefinitionInput, toggleSchema } from '@/server/domain/toggles';

const names = (...variants: string[]) => Object.fromEntries(variants.map((name) => [name, name]));

/** Splits whose assignments are written down in a test. */
export const SPLITS: FlagFile = {
  flags: {
    'new-checkout': {
      state: 'ENABLED',
      variants: names('on', 'off'),
      defaultVariant: 'off',
      targeting: {
        fractional: [
          ['on', 10],
          ['off', 90],
        ],
      },
    },
    'button-color': {
      state: 'ENABLED',
      variants: names('red', 'blue', 'green', 'grey'),
      defaultVariant: 'grey',
      targeting: {
        fractional: [
          ['red', 25],
          ['blue', 25],
          ['green', 25],
          ['grey', 25],
        ],
      },
    },
    'by-company': {
      state: 'ENABLED',
      variants: names('on', 'off'),
      defaultVariant: 'off',
      targeting: {
        if: [
          { '!!': [{ var: 'company' }] },
          { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'company' }] }, ['on', 50], ['off', 50]] },
          null,
        ],
      },
    },
  },
};

/** A toggle of true and false that is on in prod, but for what the definition says. */
export function toggleOf(
  key: string,
  definition: Partial<ToggleDefinitionInput> = {},
  rest: Partial<ToggleInput> = {},
): Toggle {
  return toggleSchema.parse({
    key,
    name: key,
    variants: { on: true, off: false },
    environments: { prod: { on: true, offVariant: 'off', defaultVariant: 'off', ...definition } },
    ...rest,
  });
}

/** Keys as applications have them: numbers, e-mail addresses and names of any script. */
export function targetingKeys(count: number): string[] {
  const forms = [
    (index: number) => `user-${index}`,
    (index: number) => `person${index}@corp.test`,
    (index: number) => `${index * 7_919}`,
    (index: number) => `김하나-${index}`,
  ];
  return Array.from({ length: count }, (_, index) => forms[index % forms.length]?.(index) ?? '');
}
