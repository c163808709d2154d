import { describe, it, type TestContext } from 'vitest';

interface MakeSuite {
  (name: string, make: () => void): void;
  (name: string, options: { readonly timeout: number }, make: () => void): void;
}
type MakeTest = (name: string, test: (context: TestContext) => void | Promise<void>) => void;

const nothing = () => undefined;

/** As `describe.runIf`, but what cannot run on this cluster is not made at all, so that nothing counts as skipped. */
export function describeWhere(can: unknown): MakeSuite {
  return can ? describe : nothing;
}

/** As `it.runIf`, but what cannot run on this cluster is not made at all, so that nothing counts as skipped. */
export function itWhere(can: unknown): MakeTest {
  return can ? it : nothing;
}
