import { type CliContext, print } from '@/cli/context';
import { waitForEnd } from '@/cli/wait';

/** What every command does that has started an execution: says where to watch, or follows it. */
export async function begun(
  context: CliContext,
  started: { readonly executionId: string },
  { wait }: { readonly wait?: boolean },
): Promise<void> {
  const { executionId } = started;
  const place = `${context.client.connection.url}/executions/${executionId}`;
  print(context, started, () => `started ${executionId}\n${place}`);
  if (!wait) return;
  // With --json the answer alone goes to stdout.
  const output = context.json ? { ...context.output, line: context.output.note } : context.output;
  process.exitCode = await waitForEnd(context.client, executionId, output);
}
