import { test } from '@playwright/test';

/** Tells what a test measured, in its report and in the output of the run. Tests do not judge it. */
export function figure(name: string, value: string): void {
  test.info().annotations.push({ type: name, description: value });
  process.stdout.write(`    figure · ${name}: ${value}\n`);
}
