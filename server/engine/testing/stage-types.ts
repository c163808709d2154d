import { z } from 'zod';
import type { StageType } from '@/server/engine/stages/stage';

const anything = z.record(z.string(), z.unknown());

/** A stage type for one test, with whatever it does not say left plain. */
export function testType(name: string, parts: Partial<StageType<Record<string, unknown>>>): StageType {
  return {
    type: name,
    label: name,
    group: 'control',
    authorable: true,
    configSchema: anything,
    tasks: [],
    ...parts,
  };
}
