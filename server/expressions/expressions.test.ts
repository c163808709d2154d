import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, ExpressionError } from '@/server/expressions/compile';
import { evaluateExpression, evaluateTemplate, inspectTemplate } from '@/server/expressions/evaluate';
import { splitTemplate } from '@/server/expressions/template';

const scope = {
  parameters: { count: 3, ratio: 0.5, name: 'shop', on: true, list: ['a', 'b'] },
  stages: { build: { status: 'succeeded', outputs: { image: 'shop:1' } } },
  trigger: { payload: { ref: 'refs/heads/main' } },
};
const fill = (text: unknown) => evaluateTemplate(text, scope);

describe('a template', () => {
  it.each([
    ['${parameters.count}', 3],
    ['${parameters.count + 1}', 4],
    ['${parameters.ratio * 2.0}', 1],
    ['${parameters.on && parameters.count > 2}', true],
    ['${parameters.list}', ['a', 'b']],
    ['${parameters.name}-v${parameters.count}', 'shop-v3'],
    ['a literal $${not.evaluated}', 'a literal ${not.evaluated}'],
    ['${{"a": {"b": parameters.count}}}', { a: { b: 3 } }],
    ['${"}" + \'{\'}', '}{'],
    ["${stages['build'].outputs.image}", 'shop:1'],
    ['${parameters.?missing.orValue("standard")}', 'standard'],
    ['${trigger.payload.ref.split("/")[2]}', 'main'],
    ['${toInt("42") + 1}', 43],
    ['${fromJson("{\\"a\\": [1]}").a}', [1]],
    ['${alphanumerical("a-b.c")}', 'abc'],
    ['plain', 'plain'],
  ])('%s → %j', (text, expected) => {
    expect(fill(text)).toEqual({ value: expected, problems: [] });
  });

  it('is filled wherever it stands, and what holds none stays as it is', () => {
    const value = { a: ['${parameters.count}', 1], b: { c: 'x ${parameters.name}' }, d: null };
    expect(fill(value).value).toEqual({ a: [3, 1], b: { c: 'x shop' }, d: null });
  });

  it('says where which expression is wrong and why', () => {
    expect(fill({ seconds: '${parameters.dela}', deep: ['${1 +}'] }).problems).toEqual([
      { path: 'seconds', message: '${parameters.dela}: No such key: dela (at character 12)' },
      { path: 'deep.0', message: '${1 +}: Unexpected token: EOF (at character 4)' },
    ]);
    expect(inspectTemplate('${nothing.here}').problems[0]?.message).toContain('nothing');
    expect(inspectTemplate('${open').problems[0]?.message).toContain('not closed');
  });

  it('reaches nothing of the host', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(() => evaluateExpression(`parameters.${name}`, scope)).toThrow(ExpressionError);
    }
  });

  it('takes no pattern that could run for ever', () => {
    expect(evaluateExpression('parameters.name.matches("^sh.p$")', scope)).toBe(true);
    expect(() => compile('parameters.name.matches("(a+)+$")')).toThrow(/too long/);
    expect(() => compile('parameters.name.matches(parameters.name)')).toThrow(/written here/);
  });

  it('knows what it reads', () => {
    const { references } = inspectTemplate(['${stages.build.outputs.image}', "${judgments['go-on'].input}"]);
    expect([...(references.stages ?? [])]).toEqual(['build', 'go-on']);
    expect([...references.roots]).toEqual(['stages', 'judgments']);
    expect(inspectTemplate('${size(stages)}').references.stages).toBeNull();
    expect([...inspectTemplate('${parameters.a + parameters["b"]}').references.parameters]).toEqual([
      'a',
      'b',
    ]);
  });

  it('never fails in another way, whatever is written', () => {
    const bits = fc.constantFrom(
      '${',
      '}',
      '"',
      "'",
      '\\',
      'parameters',
      '.',
      '[',
      ']',
      '(',
      ')',
      '1',
      '+',
      '$',
      'x',
      '?',
      ':',
      '{',
      'map(x, x)',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(bits).map((all) => all.join('')),
        ),
        (text) => {
          const { problems } = fill(text);
          for (const problem of problems) expect(typeof problem.message).toBe('string');
          inspectTemplate(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('without an expression is itself, with doubled dollars taken back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', '"') }), (text) => {
        const escaped = text.replaceAll('${', () => '$${');
        expect(
          splitTemplate(escaped)
            .map((part) => (part.kind === 'text' ? part.text : '?'))
            .join(''),
        ).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });
});
