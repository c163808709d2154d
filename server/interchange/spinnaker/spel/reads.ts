import { Unmappable } from '@/server/interchange/spinnaker/report';
import { type Node, node, value } from '@/server/interchange/spinnaker/spel/node';
import type { SpelScope } from '@/server/interchange/spinnaker/spel/scope';
import { ourStatuses } from '@/server/interchange/spinnaker/spel/statuses';

/** What expressions read and call, by name: their word → ours. */

const TRIGGER: Readonly<Record<string, string>> = { user: 'trigger.by', type: 'trigger.kind' };
const EXECUTION: Readonly<Record<string, string>> = {
  id: 'execution.id',
  application: 'execution.application',
  name: 'execution.pipeline',
};
/** Functions that are here by the same name. */
const SAME_FUNCTIONS = new Set([
  'toInt',
  'toFloat',
  'toBoolean',
  'toJson',
  'toBase64',
  'fromBase64',
  'alphanumerical',
]);
/** Methods of texts and lists: theirs → ours. */
const METHODS: Readonly<Record<string, string>> = {
  contains: 'contains',
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  matches: 'matches',
  split: 'split',
  replace: 'replace',
  trim: 'trim',
  substring: 'substring',
  indexOf: 'indexOf',
  toLowerCase: 'lowerAscii',
  toUpperCase: 'upperAscii',
};
/** Words of our language that cannot stand after a dot. */
const RESERVED = new Set([
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
  'true',
  'false',
  'null',
]);

/** A word that stands by itself. */
export function rootOf(word: string, scope: SpelScope): Node {
  switch (word) {
    case 'true':
    case 'false':
    case 'null':
      return node(word);
    case 'parameters':
      return { kind: 'parameters', cel: 'parameters' };
    case 'trigger':
      return { kind: 'trigger', cel: 'trigger' };
    case 'execution':
      return { kind: 'execution', cel: 'execution' };
    case 'deployedServerGroups':
      return node('deployedServerGroups');
    default:
      return variableOf(word, scope);
  }
}

function variableOf(word: string, scope: SpelScope): Node {
  const refId = scope.variable(word);
  if (refId !== undefined) return node(field(`stages[${JSON.stringify(refId)}].outputs`, word));
  throw new Unmappable(`Nothing called "${word}" can be read here.`);
}

export function callOf(name: string, given: readonly Node[], scope: SpelScope): Node {
  const [first] = given;
  switch (name) {
    case 'stage':
    case 'stageByRefId':
      return { kind: 'stage', cel: `stages[${JSON.stringify(stageOf(first, scope))}]` };
    case 'stageExists':
      return node(String(scope.stage(first?.literal ?? '') !== undefined));
    case 'judgment':
    case 'judgement':
      return node(`judgments[${JSON.stringify(stageOf(first, scope))}].input`);
    case 'deployedServerGroups':
      return node('deployedServerGroups');
    case 'readJson':
      return node(`fromJson(${listed(given)})`);
    default:
      if (SAME_FUNCTIONS.has(name)) return node(`${name}(${listed(given)})`);
      throw new Unmappable(`"#${name}" has no equivalent in expressions here.`);
  }
}

function stageOf(given: Node | undefined, scope: SpelScope): string {
  if (given?.literal === undefined) throw new Unmappable('Which stage is meant is only known when it runs.');
  const refId = scope.stage(given.literal);
  if (refId !== undefined) return refId;
  throw new Unmappable(`There is no stage "${given.literal}".`);
}

export function memberOf(read: Node, name: string, scope: SpelScope): Node {
  switch (read.kind) {
    case 'stage':
      if (name === 'status') return { kind: 'status', cel: `${read.cel}.status` };
      if (name === 'outputs' || name === 'context') return { kind: 'outputs', cel: `${read.cel}.outputs` };
      if (name === 'name') return node(`${read.cel}.name`);
      throw new Unmappable(`"${name}" of a stage cannot be read here.`);
    case 'parameters': {
      const ours = scope.parameter(name);
      if (ours !== undefined) return node(field('parameters', ours));
      throw new Unmappable(`There is no parameter "${name}".`);
    }
    case 'trigger':
      if (name === 'payload') return node('trigger.payload');
      if (name === 'parameters') return { kind: 'parameters', cel: 'parameters' };
      return known(TRIGGER, 'trigger', name);
    case 'execution':
      return known(EXECUTION, 'execution', name);
    case 'outputs':
    case 'status':
    case 'value':
      return node(field(read.cel, name));
    default:
      return read.kind satisfies never;
  }
}

function known(words: Readonly<Record<string, string>>, whole: string, name: string): Node {
  const ours = Object.hasOwn(words, name) ? words[name] : undefined;
  if (ours !== undefined) return node(ours);
  throw new Unmappable(`"${name}" of the ${whole} cannot be read here.`);
}

export function methodOf(read: Node, name: string, given: readonly Node[], scope: SpelScope): Node {
  const [first] = given;
  if (name === 'get' && first?.literal !== undefined) return memberOf(read, first.literal, scope);
  const { cel } = value(read);
  switch (name) {
    case 'toString':
    case 'name':
      return read.kind === 'status' ? read : node(`toText(${cel})`);
    case 'equals':
      if (read.kind === 'status' && first?.literal !== undefined)
        return node(`(${cel} in ${JSON.stringify(ourStatuses(first.literal))})`);
      return node(`(${cel} == ${listed(given)})`);
    case 'size':
    case 'length':
      return node(`size(${cel})`);
    case 'isEmpty':
      return node(`(size(${cel}) == 0)`);
    default: {
      const ours = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      if (ours !== undefined) return node(`${cel}.${ours}(${listed(given)})`);
      throw new Unmappable(`".${name}(…)" has no equivalent in expressions here.`);
    }
  }
}

function listed(given: readonly Node[]): string {
  return given.map((one) => value(one).cel).join(', ');
}

function field(of: string, name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name);
  return plain ? `${of}.${name}` : `${of}[${JSON.stringify(name)}]`;
}
