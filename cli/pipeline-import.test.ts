import { describe, expect, it } from 'vitest';
import { type ForeignAnswer, isSpinnaker, reportLines } from '@/cli/commands/pipeline-import';

describe('a pipeline of Spinnaker', () => {
  it('is known by its shape, and one of ours is not taken for it', () => {
    const theirs = { name: 'x', stages: [{ refId: '1', type: 'wait', requisiteStageRefIds: [] }] };
    const ours = { name: 'x', stages: [{ refId: '1', type: 'wait', requires: [], config: { seconds: 1 } }] };
    expect(isSpinnaker(theirs)).toBe(true);
    expect(isSpinnaker({ stages: [], limitConcurrent: false })).toBe(true);
    expect(isSpinnaker({ ...ours, parameters: [], triggers: [], notifications: [] })).toBe(false);
    expect(isSpinnaker({})).toBe(false);
  });

  it('is reported part by part, with what is otherwise than before', () => {
    const note = { path: 'waitTime', text: 'is now 3' };
    const entry = { part: 'stage', type: 'wait', outcome: 'converted', notes: [{ level: 'info', ...note }] };
    const lost = { level: 'lost', path: '', text: 'A person is asked to do it.' };
    const answer: ForeignAnswer = {
      definition: { name: 'x' },
      report: [
        { ...entry, ref: '1', name: 'Breathe' },
        { ...entry, ref: '2', name: 'Bake', type: 'bake', outcome: 'no equivalent', notes: [lost] },
      ],
      written: null,
    };
    expect(reportLines(answer)).toEqual([
      'stage 1 "Breathe" (wait): converted',
      'stage 2 "Bake" (bake): no equivalent',
      '    lost: A person is asked to do it.',
      '',
      '1 of 2 stages have no equivalent: a person is asked in their place.',
      'Nothing was written.',
    ]);
    expect(reportLines({ ...answer, written: { revision: 3 } }).at(-1)).toBe('x is at revision 3');
  });
});
