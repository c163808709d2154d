import { Unmappable } from '@/server/interchange/spinnaker/report';

/** A part of an expression, already in our language, and what is known of it. */
export interface Node {
  /**
   * - value   anything that can be computed with
   * - status  status of a stage, whose words differ
   * - stage, outputs, parameters, trigger, execution: only what is read of them is a value
   */
  readonly kind: 'value' | 'status' | 'stage' | 'outputs' | 'parameters' | 'trigger' | 'execution';
  readonly cel: string;
  /** Of a text that stands there as such. */
  readonly literal?: string;
}

export function node(cel: string): Node {
  return { kind: 'value', cel };
}

/** @throws Unmappable for something that is not a value by itself. */
export function value(read: Node): Node {
  if (read.kind === 'stage' || read.kind === 'trigger' || read.kind === 'execution')
    throw new Unmappable(`The whole ${read.kind} cannot be read here, only what it holds.`);
  return read;
}
