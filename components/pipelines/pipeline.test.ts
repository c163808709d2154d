import { describe, expect, it } from 'vitest';
import {
  asStages,
  choicesOf,
  columnsOf,
  deployTargets,
  hasGate,
  initialParameters,
  inputTypeOf,
  missingParameters,
} from '@/components/pipelines/pipeline.view';
import { pipelineDefinitionSchema } from '@/server/domain/pipeline';

const DEFINITION = pipelineDefinitionSchema.parse({
  name: 'deploy-prod',
  parameters: [
    { name: 'reason', required: true },
    { name: 'speed', default: 'slow', options: ['slow', 'fast'] },
  ],
  stages: [
    { refId: 'approve', type: 'manualJudgment', name: 'Approve' },
    {
      refId: 'eu',
      type: 'deploy',
      name: 'Deploy eu',
      requires: ['approve'],
      config: { environment: 'prod' },
    },
    {
      refId: 'us',
      type: 'deploy',
      name: 'Deploy us',
      requires: ['approve'],
      config: { environment: 'prod' },
    },
    { refId: 'done', type: 'wait', name: 'Settle', requires: ['eu', 'us'] },
  ],
});

describe('a pipeline in a row', () => {
  it('puts what runs at the same time into one column', () => {
    expect(columnsOf(DEFINITION.stages).map((c) => c.map((s) => s.refId))).toEqual([
      ['approve'],
      ['eu', 'us'],
      ['done'],
    ]);
  });

  it('survives a circle', () => {
    const circle = pipelineDefinitionSchema.parse({
      name: 'x',
      stages: [
        { refId: 'a', type: 'wait', name: 'a', requires: ['b'] },
        { refId: 'b', type: 'wait', name: 'b', requires: ['a'] },
      ],
    });
    expect(columnsOf(circle.stages).flat().length).toBe(2);
  });

  it('knows whether a person is asked and where it deploys', () => {
    expect(hasGate(DEFINITION)).toBe(true);
    expect(deployTargets(DEFINITION)).toEqual(['prod']);
  });

  it('is drawn with every stage still ahead', () => {
    expect(asStages(DEFINITION).map((s) => s.status)).toEqual(['pending', 'pending', 'pending', 'pending']);
  });
});

describe('the form to run it', () => {
  it('starts with the defaults and asks for what is required', () => {
    const values = initialParameters(DEFINITION.parameters);
    expect(values).toEqual({ reason: '', speed: 'slow' });
    expect(missingParameters(DEFINITION.parameters, values)).toEqual(['reason']);
    expect(missingParameters(DEFINITION.parameters, { ...values, reason: 'because' })).toEqual([]);
  });

  it('offers options, yes or no for a boolean, and a field that fits the type for the rest', () => {
    const parameter = { name: 'x', required: false };
    expect(choicesOf({ ...parameter, options: ['a', 2] })).toEqual(['a', '2']);
    expect(choicesOf({ ...parameter, type: 'boolean' })).toEqual(['true', 'false']);
    expect(choicesOf({ ...parameter, type: 'number' })).toBeNull();
    expect(
      (['string', 'number', 'date'] as const).map((type) => inputTypeOf({ ...parameter, type })),
    ).toEqual(['text', 'number', 'date']);
  });
});
