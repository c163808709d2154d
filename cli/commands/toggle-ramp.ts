import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, take, takeOptional } from '@/cli/arguments';
import { togglePath } from '@/cli/commands/toggle-path';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';

const EXAMPLE = 'toggle ramp price-badge staging variant=on percentages=25,50,100 minutes=60';
const startedSchema = z.looseObject({ executionId: z.string() });

interface Reason {
  readonly reason?: string;
}

/** Ramps: a variant for more and more people, and an early end to it. */
export function addToggleRamps(toggle: Command): void {
  addRamp(toggle);
  addStop(toggle);
}

function addRamp(toggle: Command): void {
  toggle
    .command('ramp')
    .description('Give a variant to more and more people, step by step; put back when it goes wrong')
    .argument('<key>')
    .argument('<environment>')
    .argument('<key=value...>', 'variant, percentages, minutes (in all), against, guard')
    .option('--reason <text>', 'why; kept with the execution')
    .addHelpText(
      'after',
      `\nguard names a canary configuration that tells variants apart.\nExample: signalbox ${EXAMPLE}`,
    )
    .action(async (key: string, environment: string, words: string[], options: Reason, command: Command) => {
      const pairs = readPairs(words);
      const variant = take(pairs, 'variant', EXAMPLE);
      const percentages = numbersOf(take(pairs, 'percentages', EXAMPLE));
      const [minutes = 0] = numbersOf(take(pairs, 'minutes', EXAMPLE));
      const against = takeOptional(pairs, 'against');
      const guard = takeOptional(pairs, 'guard');
      requireNothingLeft(pairs, ['variant', 'percentages', 'minutes', 'against', 'guard']);
      // The step that reaches everyone does not last.
      const lasting = Math.max(1, percentages.filter((percent) => percent < 100).length);
      const context = contextOf(command);
      const answer = await context.client.send(
        'POST',
        `${togglePath(key, environment)}/ramp`,
        {
          variant,
          against,
          percentages,
          holdSeconds: Math.round((minutes * 60) / lasting),
          ...(guard === undefined ? {} : { guard: { config: guard } }),
          ...options,
        },
        startedSchema,
      );
      print(context, answer, () => `The ramp of ${key} in ${environment} is execution ${answer.executionId}`);
    });
}

function numbersOf(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.some(Number.isNaN))
    throw new Failure(`“${text}” is no number. Example: signalbox ${EXAMPLE}`, 2);
  return numbers;
}

function addStop(toggle: Command): void {
  toggle
    .command('ramp-stop')
    .description('End a ramp at once; the toggle is put back as it stood before')
    .argument('<key>')
    .argument('<environment>')
    .option('--reason <text>', 'why; kept with the execution')
    .action(async (key: string, environment: string, options: Reason, command: Command) => {
      const context = contextOf(command);
      const path = `${togglePath(key, environment)}/ramp/stop`;
      const answer = await context.client.send('POST', path, options, startedSchema);
      print(context, answer, () => `The ramp of ${key} in ${environment} ends, and is put back`);
    });
}
