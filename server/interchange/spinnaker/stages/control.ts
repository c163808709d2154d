import { pipelineFor } from '@/server/interchange/spinnaker/context';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import { clip, type Source } from '@/server/interchange/spinnaker/source';
import { ourStatuses } from '@/server/interchange/spinnaker/spel/statuses';
import type { Handler, StageInput } from '@/server/interchange/spinnaker/stages/handler';
import { placeOf } from '@/server/interchange/spinnaker/stages/place';

/** Stages that steer a pipeline: gates, waits, conditions, variables, other pipelines. */

const MAX_INSTRUCTIONS = 4_000;

export const manualJudgment: Handler = ({ source, target, texts, timeoutSeconds }) => {
  const instructions = texts.words(source, 'instructions') ?? '';
  const plain = withoutTags(instructions);
  if (plain !== instructions) source.note('info', 'instructions', 'is plain text here');
  if (plain.length > MAX_INSTRUCTIONS)
    source.note('changed', 'instructions', `is cut to ${MAX_INSTRUCTIONS} characters`);
  const inputs = source.children('judgmentInputs').flatMap((input) => input.text('value') ?? []);
  const asked = [
    ...(source.texts('selectedStageRoles') ?? []),
    ...(source.texts('requiredJudgmentRoles') ?? []),
  ];
  const roles = asked.filter((role) => target.roles.includes(role));
  const unknown = asked.filter((role) => !roles.includes(role));
  if (unknown.length > 0) {
    const who = roles.length > 0 ? roles.join(', ') : 'whoever may decide judgments';
    source.note(
      'changed',
      'selectedStageRoles',
      `${unknown.join(', ')} is not a role here; ${who} may judge.`,
    );
  }
  source.lose('Later stages act in the name of who started the execution.', 'propagateAuthenticationContext');
  source.lose('What waits is on the board and can be told to an endpoint.', 'notifyEveryMs');
  source.needless(
    'the decision of an execution, not of the pipeline',
    'judgmentStatus',
    'judgmentInput',
    'stageTimeout',
  );
  const expires = timeoutSeconds === undefined ? {} : { expiresAfterSeconds: timeoutSeconds };
  const config = {
    instructions: clip(plain, MAX_INSTRUCTIONS),
    inputs,
    roles: [...new Set(roles)],
    ...expires,
  };
  return [{ type: 'manualJudgment', config, keepsTime: true }];
};

function withoutTags(text: string): string {
  if (!/<\/?[a-z][^>]*>/i.test(text)) return text;
  const breaks = text.replaceAll(/<(br|\/p|\/li|\/div|\/h\d)\s*\/?>/gi, '\n').replaceAll(/<[^>]+>/g, '');
  const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', nbsp: ' ', amp: '&' };
  return breaks.replaceAll(/&(lt|gt|quot|nbsp|amp);/g, (all, name: string) => signs[name] ?? all).trim();
}

export const wait: Handler = ({ source, texts }) => {
  const seconds = texts.whole(source, 'waitTime');
  if (seconds === undefined) throw new Unmappable('It does not say how long it waits.');
  source.needless('whoever may skip stages can end every wait', 'skippable', 'skipWaitText', 'startTime');
  return [{ type: 'wait', config: { seconds } }];
};

/** A stage that only waits for the window that all stages can have. */
export const waitForWindow: Handler = () => [{ type: 'wait', config: { seconds: 0 } }];

export const pipeline: Handler = ({ source, target, texts }) => {
  const application = source.text('application') ?? target.application;
  const name = pipelineFor(target, source.needText('pipeline'));
  const given = source.child('pipelineParameters');
  const parameters = Object.fromEntries(
    Object.keys(given?.json ?? {}).map((key) => [key, given ? (texts.read(given, key) ?? '') : '']),
  );
  if (application !== target.application)
    source.note(
      'changed',
      'application',
      `The pipeline "${name}" is taken from ${target.application}, not from ${application}.`,
    );
  source.lose('It gets the artifact of the execution.', 'expectedArtifactIds', 'pipelineArtifacts');
  source.needless('only what is asked for is read', 'skipDownstreamOutput', 'skippable');
  const waitForCompletion = source.flag('waitForCompletion') ?? true;
  return [{ type: 'pipeline', config: { pipeline: name, parameters, waitForCompletion } }];
};

export const checkPreconditions: Handler = (input) => {
  const conditions = input.source.children('preconditions');
  if (conditions.length === 0) throw new Unmappable('It has no preconditions.');
  return [
    {
      type: 'checkPreconditions',
      config: { preconditions: conditions.map((one) => precondition(one, input)) },
    },
  ];
};

function precondition(source: Source, input: StageInput): Record<string, unknown> {
  const type = source.needText('type');
  const context = source.child('context') ?? source;
  if (source.flag('failPipeline') === false)
    source.note('changed', 'failPipeline', 'What happens when it is not so is up to the stage as a whole.');
  source.needless('the type says it', 'cloudProvider');
  switch (type) {
    case 'expression': {
      const text = context.needText('expression');
      const expression = `\${${input.texts.condition(text)}}`;
      context.note('info', 'expression', `is now ${expression}`);
      const failureMessage = context.text('failureMessage');
      return { type, expression, ...(failureMessage ? { failureMessage: clip(failureMessage, 500) } : {}) };
    }
    case 'clusterSize': {
      const { environment } = placeOf(context, input);
      const expected = context.number('expected');
      if (expected === undefined)
        throw new Unmappable('How many groups it expects is worked out when it runs.');
      context.note('info', 'regions', 'is checked in each region of the environment');
      return {
        type,
        environment: environment.name,
        comparison: context.text('comparison') ?? '==',
        expected,
      };
    }
    case 'stageStatus': {
      const name = context.needText('stageName');
      const stage = input.stage(name);
      const [status, ...more] = ourStatuses(context.needText('stageStatus'));
      if (stage === undefined) throw new Unmappable(`There is no stage "${name}".`);
      if (more.length === 0) return { type, stage, status };
      const among = JSON.stringify([status, ...more]);
      return { type: 'expression', expression: `\${stages[${JSON.stringify(stage)}].status in ${among}}` };
    }
    default:
      throw new Unmappable(`A precondition of type "${type}" is not known here.`);
  }
}

export const evaluateVariables: Handler = ({ source, texts }) => {
  const variables = source.children('variables').map((variable) => {
    const key = variable.needText('key');
    if (!/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/.test(key))
      throw new Unmappable(`"${key}" cannot be the name of a variable here.`);
    variable.needless('what it was when it ran', 'sourceValue', 'description');
    return { key, value: texts.deep(variable.value('value')) };
  });
  if (variables.length === 0) throw new Unmappable('It works out no variables.');
  return [{ type: 'evaluateVariables', config: { variables } }];
};
