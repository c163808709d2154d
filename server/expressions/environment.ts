import { Environment } from '@marcbachmann/cel-js';
import { fromCel, toCel } from '@/server/expressions/values';

/**
 * The language of expressions: CEL. It has no loops beyond lists that are there, no assignment and no way
 * to the host; what an expression may see is exactly the scope below.
 */

/** What every expression can name. `server/engine/expressions/scope` fills it. */
export const ROOTS = {
  parameters: 'map',
  trigger: 'map',
  artifact: 'dyn',
  execution: 'map',
  stages: 'map',
  judgments: 'map',
  deployedServerGroups: 'list',
  variables: 'map',
  now: 'google.protobuf.Timestamp',
} as const;
export type Root = keyof typeof ROOTS;

/** Functions beside those of CEL: signature → what it does, in the language of the README. */
interface Extra {
  readonly signature: string;
  readonly run: (...given: never[]) => unknown;
}

const MAX_TEXT = 262_144;

const EXTRAS: readonly Extra[] = [
  { signature: 'toInt(dyn): int', run: (value: unknown) => BigInt(Math.trunc(asNumber(value))) },
  { signature: 'toFloat(dyn): double', run: (value: unknown) => asNumber(value) },
  {
    signature: 'toBoolean(dyn): bool',
    run: (value: unknown) => String(fromCel(value)).toLowerCase() === 'true',
  },
  { signature: 'toText(dyn): string', run: (value: unknown) => asText(fromCel(value)) },
  { signature: 'toJson(dyn): string', run: (value: unknown) => bounded(JSON.stringify(fromCel(value))) },
  { signature: 'fromJson(string): dyn', run: (text: string) => toCel(JSON.parse(text)) },
  { signature: 'toBase64(string): string', run: (text: string) => Buffer.from(text).toString('base64') },
  { signature: 'fromBase64(string): string', run: (text: string) => Buffer.from(text, 'base64').toString() },
  {
    signature: 'alphanumerical(string): string',
    run: (text: string) => text.replaceAll(/[^A-Za-z0-9]/g, ''),
  },
  {
    signature: 'string.replace(string, string): string',
    run: (text: string, from: string, to: string) => bounded(from === '' ? text : text.replaceAll(from, to)),
  },
];

/** A text as it stands in another text. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asNumber(value: unknown): number {
  const number = Number(fromCel(value));
  if (Number.isFinite(number)) return number;
  throw new Error(`"${asText(fromCel(value))}" is not a number`);
}

function bounded(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  throw new Error(`the text would be longer than ${MAX_TEXT} characters`);
}

function createEnvironment(): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: {
      maxAstNodes: 1_000,
      maxDepth: 60,
      maxListElements: 500,
      maxMapEntries: 500,
      maxCallArguments: 16,
    },
  });
  for (const [name, type] of Object.entries(ROOTS)) environment.registerVariable(name, type);
  for (const { signature, run } of EXTRAS) environment.registerFunction(signature, run);
  return environment;
}

export const environment = createEnvironment();

/** Names and signatures of the functions of our own, for help texts. */
export const FUNCTIONS: readonly string[] = EXTRAS.map((extra) => extra.signature);
