import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asDraft, type Draft, draftText, readDraft } from '@/components/editor/draft.view';
import {
  changedField,
  type EditorAction,
  type EditorState,
  initialState,
  reduceEditor,
} from '@/components/editor/editor.view';
import { comesBefore, followersOf, graphProblem } from '@/components/editor/graph-edits.view';
import { fromTemplate, TEMPLATES } from '@/components/editor/templates.view';

const stage = (refId: string, requires: string[] = [], more: object = {}) => ({
  refId,
  type: 'wait',
  name: `Stage ${refId}`,
  requires,
  config: { seconds: 1 },
  ...more,
});
const draft = (...stages: ReturnType<typeof stage>[]): Draft => ({
  name: 'p',
  description: '',
  parameters: [],
  stages,
});
const NEW = { type: 'wait', name: 'Wait', config: {} };
const run = (state: EditorState, ...actions: EditorAction[]) => actions.reduce(reduceEditor, state);
const arrows = (state: EditorState) =>
  Object.fromEntries(state.draft.stages.map(({ refId, requires }) => [refId, requires]));

describe('stages of a pipeline that is edited', () => {
  const chain = initialState(draft(stage('a'), stage('b', ['a']), stage('c', ['b'])));

  it('a new one goes between a stage and what follows it', () => {
    const next = run(chain, { type: 'add', stage: NEW, where: { kind: 'after', refId: 'a' } });
    expect(arrows(next)).toEqual({ a: [], wait: ['a'], b: ['wait'], c: ['b'] });
    expect(next.selected).toBe('wait');
  });

  it('a new one beside another starts with it, and what follows waits for both', () => {
    const next = run(chain, { type: 'add', stage: NEW, where: { kind: 'beside', refId: 'b' } });
    expect(arrows(next)).toEqual({ a: [], b: ['a'], wait: ['a'], c: ['b', 'wait'] });
  });

  it('what followed a removed one follows what that followed', () => {
    expect(arrows(run(chain, { type: 'remove', refId: 'b' }))).toEqual({ a: [], c: ['a'] });
  });

  it('a new reference keeps the form that it is typed in, another stage gets its own', () => {
    const renamed = run(chain, { type: 'rename', refId: 'a', next: 'first' });
    expect([renamed.selected, renamed.panel]).toEqual(['first', chain.panel]);
    const undone = run(run(chain, { type: 'select', refId: 'b' }), { type: 'rename', refId: 'b', next: 'x' });
    expect(run(undone, { type: 'undo' }).selected).toBe('b');
    expect(run(renamed, { type: 'select', refId: 'b' }).panel).not.toBe(chain.panel);
  });

  it('a new stage is new until something is filled in, whatever it is called', () => {
    const added = run(chain, { type: 'add', stage: NEW, where: { kind: 'after', refId: 'a' } });
    expect([...added.fresh]).toEqual(['wait']);
    const renamed = run(added, { type: 'rename', refId: 'wait', next: 'pause' });
    expect(renamed.fresh.has('pause')).toBe(true);
    const elsewhere = { ...renamed.draft, description: 'x' };
    expect(run(renamed, { type: 'edit', draft: elsewhere }).fresh.has('pause')).toBe(true);
    const stages = renamed.draft.stages.map((one) =>
      one.refId === 'pause' ? { ...one, config: { seconds: 2 } } : one,
    );
    expect([...run(renamed, { type: 'edit', draft: { ...renamed.draft, stages } }).fresh]).toEqual([]);
  });

  it('a circle is refused with the names of those who would wait for each other', () => {
    const next = run(chain, { type: 'connect', from: 'c', to: 'a' });
    expect(next.draft).toBe(chain.draft);
    expect(next.refusal).toEqual({ refused: 'circle', values: { stage: 'Stage a', before: 'Stage c' } });
    expect(run(next, { type: 'select', refId: 'a' }).refusal).toBeNull();
  });

  it('a new refId is followed by what runs after it and by expressions, and by nothing that only looks like it', () => {
    const named = initialState(
      draft(stage('a'), {
        ...stage('b', ['a'], { when: 'stages.a.status == "succeeded" && stages.ab.x' }),
        config: { seconds: 1, text: 'stages.a', url: '${stages.a.outputs.x + stages["a"].y}' } as never,
      }),
    );
    const [, b] = run(named, { type: 'rename', refId: 'a', next: 'find-it' }).draft.stages;
    expect(b).toMatchObject({
      requires: ['find-it'],
      when: 'stages["find-it"].status == "succeeded" && stages.ab.x',
      config: { text: 'stages.a', url: '${stages["find-it"].outputs.x + stages["find-it"].y}' },
    });
    expect(run(named, { type: 'rename', refId: 'a', next: 'b' }).refusal?.refused).toBe('refIdTaken');
    expect(run(named, { type: 'rename', refId: 'a', next: 'no way' }).refusal?.refused).toBe('refIdShape');
  });

  it('typing on in a field is one step of undo, another field is the next', () => {
    const name = (text: string): EditorAction => ({ type: 'edit', draft: { ...chain.draft, name: text } });
    const typed = run(chain, name('a'), name('ab'), name('abc'));
    expect(run(typed, { type: 'undo' }).draft).toEqual(chain.draft);
    const again = run(chain, name('a'), { type: 'settle' }, name('ab'));
    expect(run(again, { type: 'undo' }).draft.name).toBe('a');
    expect(changedField({ a: [{ b: 1, c: 2 }] }, { a: [{ b: 3, c: 2 }] })).toBe('a.0.b');
    expect(changedField({ a: 1, b: 1 }, { a: 2, b: 2 })).toBe('');
  });
});

const names = fc.constantFrom('a', 'b', 'c', 'd', 'wait', 'wait-2', 'x');
const action: fc.Arbitrary<EditorAction> = fc.oneof(
  fc.record({
    type: fc.constant('add' as const),
    stage: fc.constant(NEW),
    where: fc.oneof(
      fc.constant({ kind: 'start' as const }),
      fc.record({ kind: fc.constantFrom('after' as const, 'beside' as const), refId: names }),
    ),
  }),
  fc.record({
    type: fc.constantFrom('remove' as const, 'duplicate' as const, 'select' as const),
    refId: names,
  }),
  fc.record({ type: fc.constant('rename' as const), refId: names, next: names }),
  fc.record({ type: fc.constant('require' as const), refId: names, requires: fc.array(names) }),
  fc.record({ type: fc.constantFrom('connect' as const, 'disconnect' as const), from: names, to: names }),
  fc.record({
    type: fc.constant('edit' as const),
    draft: fc
      .array(fc.record({ refId: names, requires: fc.array(names, { maxLength: 2 }) }), { maxLength: 4 })
      .map((stages) => draft(...stages.map(({ refId, requires }) => stage(refId, requires)))),
  }),
  fc.record({ type: fc.constantFrom('settle' as const, 'undo' as const, 'redo' as const) }),
);
const start = initialState(draft(stage('a'), stage('b', ['a']), stage('c', ['a']), stage('d', ['b', 'c'])));

describe('whatever is done in whatever order', () => {
  it('the stages stay a graph that can be drawn, and what is selected is there', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const state = run(start, ...actions);
        expect(graphProblem(state.draft)).toBeNull();
        const refIds = state.draft.stages.map(({ refId }) => refId);
        expect(refIds.length === 0 ? state.selected === null : refIds.includes(state.selected ?? '')).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('undo brings back exactly what was there, and redo what was undone', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const end = run(start, ...actions.filter(({ type }) => type !== 'undo' && type !== 'redo'));
        let state = end;
        const seen = [end.draft];
        while (state.past.length > 0) {
          state = run(state, { type: 'undo' });
          seen.push(state.draft);
        }
        expect(state.draft).toEqual(start.draft);
        for (const expected of seen.toReversed().slice(1)) {
          state = run(state, { type: 'redo' });
          expect(state.draft).toEqual(expected);
        }
        expect(state.draft).toEqual(end.draft);
      }),
      { numRuns: 300 },
    );
  });

  it('a stage is never before itself, and those that follow it are those it comes before', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
        const { stages } = run(start, ...actions).draft;
        expect(stages.filter(({ refId }) => comesBefore({ stages }, refId, refId))).toEqual([]);
        for (const { refId } of stages) {
          const later = stages.filter((other) => comesBefore({ stages }, refId, other.refId));
          expect([...followersOf({ stages }, refId)].sort()).toEqual(later.map((one) => one.refId).sort());
        }
      }),
    );
  });
});

describe('a pipeline as text', () => {
  it('comes back as it was', () => {
    const text = draftText(start.draft);
    expect(readDraft(text)).toEqual({ draft: start.draft, problems: [] });
    expect(draftText(readDraft(text).draft ?? start.draft)).toBe(text);
  });

  it('says where it is not JSON, not a pipeline, or not a graph', () => {
    expect(readDraft('{\n  "name": "x",\n}').problems).toMatchObject([{ line: 3, column: 1, path: null }]);
    expect(readDraft('{"name": "x",\n "stages": [{"refId": "a"}]}').problems).toMatchObject([
      { line: 2, path: 'stages.0.type' },
      { line: 2, path: 'stages.0.name' },
    ]);
    const circle = JSON.stringify({ name: 'x', stages: [stage('a', ['b']), stage('b', ['a'])] }, null, 1);
    expect(readDraft(circle).problems).toMatchObject([{ path: 'stages.0.requires', line: 8 }]);
    expect(readDraft(JSON.stringify({ stages: [stage('a', ['z'])] })).problems).toMatchObject([
      { path: 'stages.0.requires.0', message: 'there is no stage "z"' },
    ]);
  });
});

it.each(TEMPLATES)('the template %s is a pipeline', (template) => {
  const words = { deploy: (to: string) => `Deploy to ${to}`, approve: 'Approve', instructions: 'Well?' };
  for (const environments of [[], ['prod'], ['staging', 'prod']]) {
    expect(asDraft(fromTemplate(template, environments, words))).not.toBeNull();
  }
});
