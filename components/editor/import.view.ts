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

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
