import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf, print } from '@/cli/context';
import { table } from '@/cli/output';

const requestsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      toggle: z.string(),
      environment: z.string(),
      createdBy: z.string(),
      reason: z.string(),
      isOutdated: z.boolean(),
    }),
  ),
});
const anything = z.looseObject({});
const DECISIONS = {
  approve: ['Apply a change that another person drafted', 'is applied'],
  reject: ['Turn a change down', 'is rejected'],
  withdraw: ['Take one’s own change back before it is applied', 'is withdrawn'],
} as const;

/** Changes that wait for another person. */
export function addToggleReviews(toggle: Command): void {
  toggle
    .command('requests')
    .description('Changes of toggles that wait for another person’s approval')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const { items } = await context.client.get('/toggle-requests?status=open', requestsSchema);
      print(context, items, () =>
        table(
          ['id', 'toggle', 'environment', 'by', 'reason'],
          items.map((one) => [
            one.id,
            one.toggle,
            one.environment,
            one.createdBy,
            one.isOutdated ? 'outdated: the toggle has changed since' : one.reason,
          ]),
        ),
      );
    });
  for (const [verb, [description, result]] of Object.entries(DECISIONS)) {
    toggle
      .command(verb)
      .description(description)
      .argument('<request>', 'its id')
      .option('--comment <text>', 'for who drafted it')
      .action(async (request: string, { comment }: { comment?: string }, command: Command) => {
        const context = contextOf(command);
        const path = `/toggle-requests/${encodeURIComponent(request)}/${verb}`;
        const answer = await context.client.send('POST', path, { comment }, anything);
        print(context, answer, () => `The change ${result}`);
      });
  }
}
