import { describe, expect, it } from 'vitest';
import { Unmappable } from '@/server/interchange/spinnaker/report';
import type { SpelScope } from '@/server/interchange/spinnaker/spel/scope';
import { spelToCel } from '@/server/interchange/spinnaker/spel/to-cel';
import { Texts } from '@/server/interchange/spinnaker/texts';

const scope: SpelScope = {
  stage: (name) => ({ Deploy: '3', 'Go?': '4', '3': '3' })[name],
  parameter: (name) => ({ version: 'version', 'my-flag': 'my_flag' })[name],
  variable: (name) => ({ greeting: '2' })[name],
};

describe('an expression of Spring', () => {
  it.each([
    ["#stage('Deploy')['status'] == 'SUCCEEDED'", 'stages["3"].status == "succeeded"'],
    ['#stage("Deploy").status.toString() != "SUCCEEDED"', 'stages["3"].status != "succeeded"'],
    ["#stage('Deploy').status == 'TERMINAL'", '(stages["3"].status in ["failed", "errored", "stopped"])'],
    ["#stage('Deploy').status != 'TERMINAL'", '!(stages["3"].status in ["failed", "errored", "stopped"])'],
    ["#stageByRefId('3').outputs.image", 'stages["3"].outputs.image'],
    ["#stage('Deploy')['outputs']['a-b']", 'stages["3"].outputs["a-b"]'],
    [
      "#judgment('Go?') == 'all' || #judgement('Go?') == 'half'",
      'judgments["4"].input == "all" || judgments["4"].input == "half"',
    ],
    [
      "parameters['my-flag'] == 'true' and not (parameters.version matches '1.*')",
      'parameters.my_flag == "true" && !(parameters.version.matches("1.*"))',
    ],
    ['parameters.version ?: "none"', '(parameters.version != null ? parameters.version : "none")'],
    ["parameters.version == '' ? 1 : 2 + 3", '(parameters.version == "" ? 1 : 2 + 3)'],
    ["trigger['payload']['ref'].split('/')[2]", 'trigger.payload.ref.split("/")[2]'],
    ['trigger.parameters.version', 'parameters.version'],
    ['#toInt(parameters.version) * 2 >= 4', 'toInt(parameters.version) * 2 >= 4'],
    ['deployedServerGroups[0].serverGroup', 'deployedServerGroups[0].serverGroup'],
    [
      'greeting.toLowerCase().contains("it\'s")',
      'stages["2"].outputs.greeting.lowerAscii().contains("it\'s")',
    ],
    ["'it''s'", '"it\'s"'],
    ["#stageExists('Deploy')", 'true'],
    [
      'greeting.length() > 3 && !greeting.isEmpty()',
      'size(stages["2"].outputs.greeting) > 3 && !(size(stages["2"].outputs.greeting) == 0)',
    ],
    ['trigger.user', 'trigger.by'],
  ])('%s → %s', (spel, cel) => {
    expect(spelToCel(spel, scope)).toBe(cel);
  });

  it.each([
    "T(java.lang.Runtime).getRuntime().exec('x')",
    'new java.io.File("/")',
    "#fromUrl('http://x')",
    "execution.stages.?[type == 'deploy']",
    "#stage('Nowhere').status",
    '#stage(parameters.version).status',
    "#stage('Deploy')",
    "#stage('Deploy').status == 'GREAT'",
    "trigger['buildInfo']['number']",
    'parameters.unknown',
    'unknown',
    'parameters.version = 1',
    'parameters?.version',
    '1 +',
    '(1',
    "'open",
    // Lists have no such method here; what is not valid is not made up.
    "{'a', 'b'}.contains(greeting)",
  ])('%s has no equivalent', (spel) => {
    expect(() => spelToCel(spel, scope)).toThrow(Unmappable);
  });
});

describe('texts', () => {
  const texts = new Texts(scope);

  it('are translated wherever their expressions stand', () => {
    expect(texts.template('v${parameters.version} of ${execution.application}')).toBe(
      'v${parameters.version} of ${execution.application}',
    );
    expect(texts.deep({ a: ['${ greeting }', 1], b: null })).toEqual({
      a: ['${stages["2"].outputs.greeting}', 1],
      b: null,
    });
    expect(() => texts.template('${open')).toThrow(Unmappable);
  });
});
