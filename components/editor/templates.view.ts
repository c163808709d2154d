import type { Draft } from '@/components/editor/draft.view';

export const TEMPLATES = ['empty', 'blueGreen', 'gated', 'canary'] as const;
export type Template = (typeof TEMPLATES)[number];

/** Words that a template puts into a new pipeline, in the language of whoever begins it. */
export interface TemplateWords {
  readonly deploy: (environment: string) => string;
  readonly approve: string;
  readonly instructions: string;
}

/** A pipeline to begin with. Environments are the application's, in the order of the board. */
export function fromTemplate(
  template: Template,
  environments: readonly string[],
  words: TemplateWords,
): Draft {
  const last = environments.at(-1) ?? '';
  const first = environments[0] ?? '';
  const deploy = (environment: string, strategy: string, options: object, requires: string[]) => ({
    refId: `deploy-${environment || 'environment'}`,
    type: 'deploy',
    name: words.deploy(environment),
    requires,
    config: { environment, strategy, options: { ...options } },
  });
  const approve = (requires: string[]) => ({
    refId: 'approve',
    type: 'manualJudgment',
    name: words.approve,
    requires,
    config: { instructions: words.instructions },
  });
  const begin = { name: '', description: '', parameters: [] };
  switch (template) {
    case 'empty':
      return { ...begin, stages: [] };
    case 'blueGreen':
      return { ...begin, stages: [deploy(last, 'redblack', { keep: 2 }, [])] };
    case 'gated': {
      if (first === last)
        return { ...begin, stages: [approve([]), deploy(last, 'redblack', {}, ['approve'])] };
      const staged = deploy(first, 'redblack', {}, []);
      return {
        ...begin,
        stages: [staged, approve([staged.refId]), deploy(last, 'redblack', {}, ['approve'])],
      };
    }
    case 'canary': {
      const steps = [
        { weight: 10, pauseSeconds: 300, judgment: true },
        { weight: 50, pauseSeconds: 300, judgment: false },
      ];
      return { ...begin, stages: [deploy(last, 'canary', { steps }, [])] };
    }
    default:
      return template satisfies never;
  }
}
