import { isSchema } from '@/components/editor/schema.view';

type Document = Readonly<Record<string, unknown>>;

/** Fields that only the other product's pipelines have; our reader would pass over them. */
const OTHER_FIELDS = ['keepWaitingPipelines', 'limitConcurrent', 'parameterConfig', 'expectedArtifacts'];

/** A pipeline as Spinnaker keeps it; null for text that is none. */
export function foreignDocument(text: string): Document | null {
  const value = parsed(text);
  if (!isSchema(value) || !Array.isArray(value['stages'])) return null;
  const isOther =
    OTHER_FIELDS.some((field) => field in value) ||
    value['stages'].some((stage) => isSchema(stage) && 'requisiteStageRefIds' in stage);
  return isOther ? value : null;
}

export interface NameMapping {
  readonly environments: Readonly<Record<string, string>>;
  readonly pipelines: Readonly<Record<string, string>>;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly timeZone?: string;
}

const LINE = /^(?:(environment|pipeline|endpoint)\s+(.+)|(timeZone))\s*=\s*(\S+)$/;

/**
 * What things are called there and here, as the report asks for it: a line such as
 * `environment prod/shop = prod` or `timeZone = Europe/Berlin` each. Answers the first line that is neither.
 */
export function readMapping(text: string): NameMapping | { readonly wrong: string } {
  const named: Record<string, Record<string, string>> = { environment: {}, pipeline: {}, endpoint: {} };
  let timeZone: string | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, kind, there, zone, here] = LINE.exec(line) ?? [];
    if (zone && here) timeZone = here;
    else if (kind && there && here) named[kind] = { ...named[kind], [there.trim()]: here };
    else return { wrong: line };
  }
  const { environment = {}, pipeline = {}, endpoint = {} } = named;
  return {
    environments: environment,
    pipelines: pipeline,
    endpoints: endpoint,
    ...(timeZone ? { timeZone } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
