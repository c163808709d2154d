import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { foreignDocument, readMapping } from '@/components/editor/import.view';
import {
  fieldsIn,
  issuesAt,
  isUnsaid,
  plainProblem,
  sortIssues,
  stageOf,
  tabOf,
} from '@/components/editor/issues.view';
import {
  asSchema,
  type FieldKind,
  fieldsOf,
  fromTyped,
  humanized,
  initialOf,
  innerExpression,
  kindOf,
  type SchemaField,
  splitFields,
  typedText,
} from '@/components/editor/schema.view';
import { inUnit, toSeconds, unitOf } from '@/components/editor/seconds.view';
import {
  PARAMETER_FIELDS,
  PIPELINE_FIELDS,
  RULE_FIELDS,
  STAGE_RULES,
  TRIGGER_FIELDS,
} from '@/components/editor/shapes.view';
import { MESSAGES } from '@/components/i18n/messages';
import { triggerTypes } from '@/server/automation/triggers/registry';
import { stageTypes } from '@/server/engine/stages/registry';
import { strategies } from '@/server/strategies/registry';

const jsonSchema = (schema: z.ZodType) =>
  asSchema(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
const kind = (schema: z.ZodType, name = '') => kindOf(jsonSchema(schema), name);
const authorable = Object.values(stageTypes).filter((type) => type.authorable);

/** Every form of this installation: its name and its fields. */
const FORMS: readonly (readonly [string, readonly SchemaField[]])[] = [
  ...authorable.map((one) => [`stage ${one.type}`, fieldsOf(jsonSchema(one.configSchema))] as const),
  ...Object.values(strategies).map(
    (one) => [`strategy ${one.kind}`, fieldsOf(jsonSchema(one.optionsSchema))] as const,
  ),
  ...Object.values(triggerTypes).map(
    (one) => [`trigger ${one.type}`, fieldsOf(jsonSchema(one.configSchema))] as const,
  ),
  ['rules of a stage', STAGE_RULES],
  ['parameter', PARAMETER_FIELDS],
  ['trigger', TRIGGER_FIELDS],
  ['pipeline', PIPELINE_FIELDS],
  ['rules of a pipeline', RULE_FIELDS],
];

/** A field and everything asked for within it. */
function within(field: SchemaField): readonly { readonly name: string; readonly kind: FieldKind }[] {
  const own = { name: field.name, kind: kindOf(field.schema, field.name) };
  return [own, ...inner(own.kind)];
}

function inner(kind: FieldKind): readonly { readonly name: string; readonly kind: FieldKind }[] {
  switch (kind.kind) {
    case 'object':
      return kind.fields.flatMap(within);
    case 'list':
      return inner(kindOf(kind.item));
    case 'choice':
      return kind.branches.flatMap((branch) => branch.fields.flatMap(within));
    default:
      return [];
  }
}

describe.each(FORMS)('the form of %s', (_name, fields) => {
  const all = fields.flatMap(within);

  it('has a word for every field in every language', () => {
    for (const { editor } of Object.values(MESSAGES)) {
      const words = new Set(Object.keys(editor.fields).map((key) => key.replace(/^.*_/, '')));
      expect(all.map(({ name }) => name).filter((name) => !words.has(name))).toEqual([]);
    }
  });

  it('has a word for every choice', () => {
    const choices = all.flatMap(({ kind }) => {
      if (kind.kind === 'enum' || kind.kind === 'flags') return kind.values;
      return kind.kind === 'choice' ? kind.branches.map((branch) => branch.key) : [];
    });
    // Signs and the verbs of HTTP are the same in every language.
    const spoken = choices.filter((choice) => !/^([<>=!]+|[A-Z]+)$/.test(choice));
    const words = new Set(Object.keys(MESSAGES.en.editor.options));
    expect(spoken.filter((choice) => !words.has(choice.replace('.', '_')))).toEqual([]);
  });
});

it('every stage type, strategy and trigger that people can choose has a name in the catalogue', () => {
  const { types, strategies: known, triggerTypes: kinds } = MESSAGES.en.editor;
  expect(Object.keys(types).sort()).toEqual(authorable.map((one) => one.type).sort());
  expect(Object.keys(known).sort()).toEqual(Object.keys(strategies).sort());
  expect(Object.keys(kinds).sort()).toEqual(Object.keys(triggerTypes).sort());
});

describe('how a field is asked for', () => {
  it('follows its schema, its widget, and where both say little its name', () => {
    expect(kind(z.boolean())).toEqual({ kind: 'boolean' });
    expect(kind(z.number().int().min(1).max(9))).toEqual({ kind: 'number', unit: null, min: 1, max: 9 });
    expect(kind(z.number().int(), 'expiresAfterSeconds')).toEqual({ kind: 'seconds' });
    expect(kind(z.number().int().meta({ widget: 'percent' }))).toMatchObject({ unit: 'percent' });
    expect(kind(z.string().max(4000))).toEqual({ kind: 'text', long: true });
    expect(kind(z.string().max(4000).regex(/^\w*$/))).toEqual({ kind: 'text', long: false });
    expect(kind(z.enum(['a', 'b']))).toEqual({ kind: 'enum', values: ['a', 'b'] });
    expect(kind(z.array(z.enum(['a', 'b'])))).toEqual({ kind: 'flags', values: ['a', 'b'] });
    expect(kind(z.array(z.string().meta({ widget: 'region' })))).toMatchObject({ kind: 'list' });
    expect(kind(z.record(z.string(), z.string()))).toMatchObject({ kind: 'record' });
    expect(kind(z.string().meta({ widget: 'environment' }))).toEqual({
      kind: 'named',
      widget: 'environment',
    });
    expect(kind(z.unknown())).toEqual({ kind: 'any' });
    expect(kind(z.unknown(), 'expression')).toEqual({ kind: 'braced' });
    expect(kind(z.union([z.string(), z.number()]))).toEqual({ kind: 'any' });
    expect(kind(z.string().max(4000).nullish())).toEqual({ kind: 'text', long: true });
    expect(kind(z.enum(['a', 'b']).nullable())).toEqual({ kind: 'enum', values: ['a', 'b'] });
  });

  it('tells the shapes of a union apart by what is fixed in each, or by what each holds', () => {
    const tagged = z.discriminatedUnion('do', [
      z.object({ do: z.literal('grow'), by: z.number() }),
      z.object({ do: z.literal('stay') }),
    ]);
    const choice = kind(tagged);
    if (choice.kind !== 'choice') throw new Error('no choice');
    expect(choice.branches.map(({ key, initial }) => [key, initial])).toEqual([
      ['grow', { do: 'grow' }],
      ['stay', { do: 'stay' }],
    ]);
    expect(choice.branches.find((branch) => branch.fits({ do: 'stay' }))?.key).toBe('stay');

    const target = kind(z.union([z.enum(['newest', 'oldest']), z.object({ serverGroup: z.string() })]));
    if (target.kind !== 'choice') throw new Error('no choice');
    expect(target.branches.map(({ key }) => key)).toEqual(['newest', 'oldest', 'serverGroup']);
    expect(target.branches.find((branch) => branch.fits({ serverGroup: 'x' }))?.key).toBe('serverGroup');
  });

  it('begins with what is fixed and leaves to people what they have to choose', () => {
    expect(initialOf(jsonSchema(stageTypes.deploy.configSchema))).toEqual({});
    expect(initialOf(jsonSchema(stageTypes.resizeServerGroups.configSchema))).toEqual({
      resize: { action: 'exact', capacity: {} },
    });
    expect(initialOf(jsonSchema(stageTypes.checkPreconditions.configSchema))).toEqual({
      preconditions: [{ type: 'expression' }],
    });
  });

  it('shows what is needed and folds the rest away where there is much', () => {
    const { first, more } = splitFields(fieldsOf(jsonSchema(stageTypes.deploy.configSchema)));
    expect(first.map(({ name }) => name)).toEqual(['environment', 'strategy', 'options']);
    expect(more.map(({ name }) => name)).toContain('capacity');
    expect(splitFields(fieldsOf(jsonSchema(stageTypes.wait.configSchema))).more).toEqual([]);
  });
});

it('expressions are taken out of their braces only where they stand alone', () => {
  expect(innerExpression('${a.b}')).toBe('a.b');
  expect(innerExpression('${a}-${b}')).toBeNull();
  expect(innerExpression('x ${a}')).toBeNull();
});

it('what is typed is JSON where it is, and comes back as it was typed', () => {
  for (const value of [1, true, null, 'text', '12', 'true', { a: [1] }, '"quoted"']) {
    expect(fromTyped(typedText(value))).toEqual(value);
  }
  expect(fromTyped(' ')).toBeUndefined();
});

it('seconds are shown in the largest unit that fits', () => {
  expect(
    [0, 90, 120, 3_600, 259_200].map((seconds) => [unitOf(seconds), inUnit(seconds, unitOf(seconds))]),
  ).toEqual([
    ['seconds', 0],
    ['seconds', 90],
    ['minutes', 2],
    ['hours', 1],
    ['days', 3],
  ]);
  expect(toSeconds(1.5, 'minutes')).toBe(90);
});

it('problems lead to the tab, the stage and the field they are about', () => {
  const at = (path: string) => ({ path, message: 'x' });
  expect(
    ['stages.1.config.x', 'triggers.0', 'parameters', 'concurrency.limit', 'name'].map((p) => tabOf(at(p))),
  ).toEqual(['stages', 'triggers', 'parameters', 'rules', 'rules']);
  const draft = {
    name: 'x',
    stages: ['a', 'b'].map((refId) => ({ refId, type: 'wait', name: '', requires: [], config: {} })),
  };
  expect(stageOf(at('stages.1.name'), draft)).toBe('b');
  expect(stageOf(at('stages'), draft)).toBeNull();
  expect(issuesAt([at('a.b'), at('a.bc'), at('a')], 'a.b', 'within')).toEqual([at('a.b')]);
  expect(plainProblem({ path: '', message: 'Invalid input: expected string, received undefined' }, {})).toBe(
    'missing',
  );
  expect(plainProblem({ path: '', message: 'Too small: expected array to have >=1 items' }, {})).toBe(
    'empty',
  );
});

it('an absent name is asked for in plain words, and a choice not made yet is not a wrong one', () => {
  const definition = { parameters: [{ name: '' }], stages: [{ name: 'x', config: { mode: 'odd' } }] };
  const pattern = 'Invalid string: must match pattern /^[a-z]/';
  expect(plainProblem({ path: 'parameters.0.name', message: pattern }, definition)).toBe('name');
  expect(plainProblem({ path: 'stages.0.name', message: pattern }, definition)).toBe('shape');
  const option = 'Invalid option: expected one of "a"|"b"';
  expect(plainProblem({ path: 'stages.0.config.mode', message: option }, definition)).toBe('choice');
  expect(plainProblem({ path: 'stages.0.config.other', message: option }, definition)).toBe('missing');
  const paths = ['parameters.0.name', 'stages.0.config.other', 'stages.1', 'stages.0.config.mode', ''];
  const unsaid = paths.map((path) => isUnsaid({ path, message: 'x' }, definition));
  expect(unsaid).toEqual([true, true, true, false, false]);
});

it('what is missing in a stage that was just added is a hint, what is wrong in it is not', () => {
  const draft = {
    name: 'x',
    stages: ['a', 'b'].map((refId) => ({ refId, type: 'wait', name: '', requires: [], config: {} })),
  };
  const missing = (path: string) => ({ path, message: 'x', isMissing: true });
  const wrong = { path: 'stages.1.config.y', message: 'x', isMissing: false };
  const all = [missing('stages.0.config.x'), missing('stages.1.config.x'), missing('name'), wrong];
  const sorted = sortIssues(all, draft, new Set(['b']));
  expect(sorted).toEqual({ issues: [all[0], all[2], wrong], hints: [all[1]] });
  expect(sortIssues(all, draft, true).issues).toEqual([wrong]);
});

it('the way to a problem is told by the fields that people see', () => {
  expect(fieldsIn('stages.0.config.steps.1.weight')).toEqual([
    { name: 'steps', within: '', entry: 2 },
    { name: 'weight', within: 'steps', entry: null },
  ]);
  expect(fieldsIn('stages.0.config.options.config').map(({ name }) => name)).toEqual([
    'strategyOptions',
    'config',
  ]);
  expect(fieldsIn('parameters.0.options').map(({ name }) => name)).toEqual(['options']);
  expect(fieldsIn('stages')).toEqual([{ name: 'stages', within: '', entry: null }]);
  expect(fieldsIn('parameters.3')).toEqual([]);
});

it('a box never holds nothing but a fold', () => {
  const fields = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, schema: {}, required: false }));
  expect(splitFields(fields).more).toHaveLength(5);
  expect(splitFields(fields, true)).toEqual({ first: fields, more: [] });
});

it('a name without a word is read out as it is written', () => {
  expect(humanized('healthTimeoutSeconds')).toBe('Health timeout seconds');
});

it('a pipeline of another product is told by fields that ours do not have', () => {
  const stage = { refId: '1', type: 'wait', name: 'Wait' };
  expect(
    foreignDocument(JSON.stringify({ stages: [{ ...stage, requisiteStageRefIds: [] }] })),
  ).not.toBeNull();
  expect(foreignDocument(JSON.stringify({ stages: [], keepWaitingPipelines: false }))).not.toBeNull();
  for (const text of [JSON.stringify({ stages: [{ ...stage, requires: [] }] }), '[]', 'no']) {
    expect(foreignDocument(text)).toBeNull();
  }
});

it('what things are called there and here is read line by line', () => {
  const text =
    'environment prod/shop = prod\n\npipeline Deploy it=deploy\nendpoint email/a@b.c = ops\ntimeZone = Asia/Seoul';
  expect(readMapping(text)).toEqual({
    environments: { 'prod/shop': 'prod' },
    pipelines: { 'Deploy it': 'deploy' },
    endpoints: { 'email/a@b.c': 'ops' },
    timeZone: 'Asia/Seoul',
  });
  expect(readMapping('environment prod')).toEqual({ wrong: 'environment prod' });
});
