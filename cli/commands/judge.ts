import type { Command } from 'commander';
import { z } from 'zod';
import { executionSchema } from '@/cli/answers';
import type { Client } from '@/cli/client';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { waitForEnd } from '@/cli/wait';

interface Options {
  readonly comment?: string;
  readonly input?: string;
  readonly wait?: boolean;
}

/** `signalbox approve` and `signalbox stop` */
export function addJudgments(program: Command): void {
  addJudgment(program, 'approve', 'continue', 'Let an execution go on past its gate');
  addJudgment(program, 'stop', 'stop', 'End an execution at its gate; nothing after it is changed');
}

function addJudgment(
  program: Command,
  name: string,
  decision: 'continue' | 'stop',
  description: string,
): void {
  program
    .command(name)
    .description(description)
    .argument('<execution>', 'id of the execution')
    .argument('[stage]', 'the gate, when several wait')
    .option('--comment <text>', 'why; kept with the decision')
    .option('--input <answer>', 'one of the answers that the gate offers')
    .option('--wait', 'follow the execution to its end')
    .action(async (id: string, stage: string | undefined, options: Options, command: Command) => {
      const context = contextOf(command);
      const refId = stage ?? (await findGate(context.client, id));
      const path = `/executions/${encodeURIComponent(id)}/stages/${encodeURIComponent(refId)}/judgment`;
      const { comment, input, wait } = options;
      const answer = await context.client.send('POST', path, { decision, comment, input }, z.looseObject({}));
      print(context, answer, () => `${refId}: ${decision === 'continue' ? 'approved' : 'stopped'}`);
      if (wait) process.exitCode = await waitForEnd(context.client, id, context.output, refId);
    });
}

async function findGate(client: Client, id: string): Promise<string> {
  const execution = await client.get(`/executions/${encodeURIComponent(id)}`, executionSchema);
  const gates = execution.waitingFor.flatMap((one) =>
    one.kind === 'person' && one.refId ? [one.refId] : [],
  );
  const [gate, second] = gates;
  if (second) throw new Failure(`Several gates wait: name one of ${gates.join(', ')}.`, 2);
  if (gate) return gate;
  throw new Failure(`Nothing of it waits for a decision. ${execution.sentence}`);
}
