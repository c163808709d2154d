import fc from 'fast-check';
import {
  type Condition,
  type RuleList,
  type Serve,
  type Split,
  VERSION_COMPARISONS,
} from '@/server/domain/toggle-rules';

/** Rules as anybody may build them. The variants are `on`, `off` and `other`, the segments `staff` and `beta`. */

export const VARIANTS = ['on', 'off', 'other'] as const;
export const SEGMENTS = ['staff', 'beta'] as const;
export const ATTRIBUTES = ['email', 'plan', 'age', 'company.size', 'targetingKey', 'version'] as const;

const variant = fc.constantFrom(...VARIANTS);
const attribute = fc.constantFrom(...ATTRIBUTES);
const text = fc.oneof(fc.constantFrom('a', 'free', 'pro', '@corp.test', '1.2.0', '', '5'), fc.string());
const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value = fc.oneof(text, number, fc.boolean());

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('equals', 'notEquals', 'looselyEquals', 'looselyNotEquals'),
    attribute,
    value,
  }),
  fc.record({
    operator: fc.constantFrom('in', 'notIn'),
    attribute,
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    operator: fc.constantFrom('contains', 'notContains', 'startsWith', 'endsWith'),
    attribute,
    value: text.filter((one) => one.length > 0),
  }),
  fc.record({
    operator: fc.constantFrom('greater', 'greaterOrEqual', 'less', 'lessOrEqual'),
    attribute,
    value: number,
  }),
  fc.record({
    operator: fc.constant('version'),
    attribute,
    comparison: fc.constantFrom(...VERSION_COMPARISONS),
    value: fc.constantFrom('1.0.0', '1.2.0', '2.0.0-rc.1'),
  }),
  fc.record({
    operator: fc.constantFrom('inSegment', 'notInSegment'),
    segment: fc.constantFrom(...SEGMENTS),
  }),
) as fc.Arbitrary<Condition>;

export const split: fc.Arbitrary<Split> = fc.record({
  kind: fc.constant('split'),
  by: fc.option(fc.constantFrom('email', 'company.size')),
  buckets: fc.array(fc.record({ variant, weight: fc.nat({ max: 1_000 }) }), { minLength: 1, maxLength: 5 }),
});

const serve: fc.Arbitrary<Serve> = fc.oneof(
  fc.record({ kind: fc.constant('variant' as const), variant }),
  split,
);

const conditions = fc
  .record({
    match: fc.constantFrom('all' as const, 'any' as const),
    conditions: fc.array(condition, { maxLength: 4 }),
  })
  // Any of nothing is told as all of nothing: everyone.
  .map((one) => (one.conditions.length === 0 ? { ...one, match: 'all' as const } : one));

const rule = fc.tuple(conditions, serve).map(([own, served]) => ({ ...own, serve: served }));

export const ruleList: fc.Arbitrary<RuleList> = fc
  .record({ rules: fc.array(rule, { maxLength: 4 }), otherwise: fc.option(serve) })
  .filter(({ rules, otherwise }) => rules.length > 0 || otherwise?.kind !== 'variant');

export const context = fc.record(
  {
    targetingKey: fc.oneof(fc.string({ minLength: 1 }), fc.uuid()),
    email: fc.oneof(fc.constantFrom('a@corp.test', 'b@other.test'), text),
    plan: fc.constantFrom('free', 'pro'),
    age: fc.oneof(number, fc.constant(null)),
    company: fc.record({ size: number }, { requiredKeys: [] }),
    version: fc.constantFrom('1.0.0', '1.2', 'v2.0.0', 'unknown'),
  },
  { requiredKeys: ['targetingKey'] },
);
