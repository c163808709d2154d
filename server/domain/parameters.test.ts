import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseParameters } from '@/server/domain/parameters';
import { PARAMETER_TYPES, type ParameterDefinition } from '@/server/domain/pipeline';

const one = (definition: Partial<ParameterDefinition>): ParameterDefinition[] => [
  { name: 'p', required: false, ...definition },
];
const parse = (definition: Partial<ParameterDefinition>, value: string | number | boolean) =>
  parseParameters(one(definition), { p: value });

describe('parameters', () => {
  it.each([
    ['number', '3', 3],
    ['number', ' -0.5 ', -0.5],
    ['number', 7, 7],
    ['boolean', 'TRUE', true],
    ['boolean', false, false],
    ['date', '2028-02-29', '2028-02-29'],
    ['string', 12, '12'],
  ] as const)('a %s takes %j as %j', (type, given, expected) => {
    expect(parse({ type }, given)).toEqual({ values: { p: expected }, problems: [] });
  });

  it.each([
    ['number', 'three'],
    ['number', 'Infinity'],
    ['number', '0x10'],
    ['boolean', 'yes'],
    ['date', '2027-02-29'],
    ['date', '21.11.2026'],
  ] as const)('a %s refuses %j and says what it takes', (type, given) => {
    expect(parse({ type }, given).problems).toEqual([expect.stringMatching(/^The parameter "p" must be /)]);
  });

  it('names everything that is wrong at once', () => {
    const definitions = [...one({ type: 'number' }), { name: 'q', required: true }];
    expect(parseParameters(definitions, { p: 'x', r: 'y' }).problems).toEqual([
      'The pipeline has no parameter "r".',
      'The parameter "p" must be a number such as 2 or 0.5.',
      'The pipeline needs the parameter "q".',
    ]);
  });

  it('compares options by their type', () => {
    expect(parse({ type: 'number', options: [1, '2'] }, '2').values).toEqual({ p: 2 });
    expect(parse({ type: 'number', options: [1, 2] }, '3').problems).toEqual([
      'The parameter "p" must be one of: 1, 2.',
    ]);
  });

  it('knows no parameter that every object has', () => {
    expect(parseParameters(one({ name: 'constructor' }), {}).values).toEqual({});
    expect(parseParameters([], { toString: 'x' }).problems).toHaveLength(1);
  });

  const definition = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'),
      type: fc.constantFrom(...PARAMETER_TYPES),
      default: fc.oneof(fc.string(), fc.double(), fc.boolean()),
      required: fc.boolean(),
    },
    { requiredKeys: ['name', 'required'] },
  );

  it('parsed once stay as they are when parsed again', () => {
    const given = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.string(), fc.double(), fc.boolean()),
    );
    fc.assert(
      fc.property(fc.uniqueArray(definition, { selector: (d) => d.name }), given, (definitions, values) => {
        const first = parseParameters(definitions, values);
        if (first.values === null) return;
        expect(parseParameters(definitions, first.values)).toEqual(first);
      }),
    );
  });
});
