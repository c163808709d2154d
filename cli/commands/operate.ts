import type { Command } from 'commander';
import { z } from 'zod';
import { startedSchema, waitingListSchema } from '@/cli/answers';
import { readPairs } from '@/cli/arguments';
import { begun } from '@/cli/commands/begun';
import { contextOf, print } from '@/cli/context';

const EMPTY = z.looseObject({});
const execution = (id: string) => `/executions/${encodeURIComponent(id)}`;
const stage = (id: string, refId: string) => `${execution(id)}/stages/${encodeURIComponent(refId)}`;

/** What people do with executions besides judging: cancel, pause, resume, restart, skip, rerun, waiting. */
export function addOperations(program: Command): void {
  addWhole(program, 'cancel', 'Withdraw an execution', 'is being canceled');
  addWhole(program, 'pause', 'Hold an execution until it is resumed', 'is held');
  addWhole(program, 'resume', 'Let a held execution go on', 'goes on');
  addStageVerb(program, 'restart', 'restart', 'Do a stage and everything behind it again', 'is done again');
  addStageVerb(program, 'skip', 'skip', 'Skip a stage, or end its wait', 'is skipped');
  addStageVerb(
    program,
    'override-window',
    'override-window',
    'Let a stage start although its time window is closed',
    'may start now',
  );
  program
    .command('rerun')
    .description('Start the pipeline of an execution again; keys replace its parameters')
    .argument('<execution>', 'id of the execution')
    .argument('[key=value...]', 'parameters that change')
    .option('--wait', 'follow it to its end')
    .action(async (id: string, words: string[], options: { wait?: boolean }, command: Command) => {
      const context = contextOf(command);
      const parameters = Object.fromEntries(readPairs(words));
      const started = await context.client.send(
        'POST',
        `${execution(id)}/rerun`,
        { parameters },
        startedSchema,
      );
      await begun(context, started, options);
    });
  program
    .command('waiting')
    .description('Everything that does not move now, and why')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.get('/waiting', waitingListSchema);
      print(context, answer, () =>
        answer.items.length === 0
          ? 'Nothing waits.'
          : answer.items
              .map(
                ({ application, pipeline, refId, executionId, waiting }) =>
                  `${application} ${pipeline}${refId ? ` ${refId}` : ''}: ${waiting.reason}${waiting.until ? ` (until ${waiting.until})` : ''}\n  ${executionId}`,
              )
              .join('\n'),
      );
    });
}

function addWhole(program: Command, verb: string, description: string, done: string): void {
  program
    .command(verb)
    .description(description)
    .argument('<execution>', 'id of the execution')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.send('POST', `${execution(id)}/${verb}`, {}, EMPTY);
      print(context, answer, () => `${id} ${done}`);
    });
}

function addStageVerb(program: Command, name: string, verb: string, description: string, done: string): void {
  program
    .command(name)
    .description(description)
    .argument('<execution>', 'id of the execution')
    .argument('<stage>', 'refId of the stage')
    .option('--reason <text>', 'why; kept in the audit trail')
    .action(async (id: string, refId: string, { reason }: { reason?: string }, command: Command) => {
      const context = contextOf(command);
      const answer = await context.client.send('POST', `${stage(id, refId)}/${verb}`, { reason }, EMPTY);
      print(context, answer, () => `${refId} ${done}`);
    });
}
