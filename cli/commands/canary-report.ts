import type { Command } from 'commander';
import { z } from 'zod';
import { readPairs, requireNothingLeft, takeOptional } from '@/cli/arguments';
import { type CliContext, contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';
import { table } from '@/cli/output';
import { ANALYSIS_STATUSES } from '@/server/domain/analysis';

const EXAMPLE = 'canary report application=catalog';

const pageSchema = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
const reportSchema = z.looseObject({
  id: z.string(),
  application: z.string(),
  configName: z.string(),
  status: z.enum(ANALYSIS_STATUSES),
  score: z.number().nullable(),
  sentence: z.string().nullable(),
  looks: z.number(),
  plannedLooks: z.number(),
  history: z.array(z.looseObject({ action: z.string() })),
  scopes: z.looseObject({
    baseline: z.looseObject({ scope: z.string() }),
    canary: z.looseObject({ scope: z.string() }),
  }),
  shown: z
    .looseObject({
      judgement: z.looseObject({
        results: z.array(
          z.looseObject({
            name: z.string(),
            classification: z.string(),
            critical: z.boolean(),
            muted: z.boolean(),
            sentence: z.string(),
          }),
        ),
      }),
    })
    .nullable(),
});
type Report = z.infer<typeof reportSchema>;

/** `signalbox canary report` */
export function addCanaryReport(canary: Command): void {
  canary
    .command('report')
    .description('How a canary was judged; exits 0 when it passed and 1 when it did not')
    .argument(
      '<key=value...>',
      'application for its latest analysis, with execution for that of one, or analysis',
    )
    .addHelpText('after', `\nExample: signalbox ${EXAMPLE}`)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const application = takeOptional(pairs, 'application');
      const analysis = takeOptional(pairs, 'analysis');
      const execution = takeOptional(pairs, 'execution');
      requireNothingLeft(pairs, ['application', 'execution', 'analysis']);
      const context = contextOf(command);
      if (analysis) return printAnalysis(context, analysis);
      if (application) return printReport(context, application, execution);
      throw new Failure(`application=… or analysis=… is missing. Example: signalbox ${EXAMPLE}`, 2);
    });
}

/** The latest analysis of an application, or of one of its executions; the exit code is its verdict. */
export async function printReport(
  context: CliContext,
  application: string,
  executionId: string | undefined,
): Promise<void> {
  const query = new URLSearchParams({ limit: '1', ...(executionId ? { executionId } : {}) });
  const path = `/applications/${encodeURIComponent(application)}/canary-analyses?${query}`;
  const { items } = await context.client.get(path, pageSchema);
  const [latest] = items;
  if (!latest) throw new Failure(`No canary of ${executionId ?? application} has been judged yet.`);
  await printAnalysis(context, latest.id);
}

async function printAnalysis(context: CliContext, id: string): Promise<void> {
  const path = `/canary-analyses/${encodeURIComponent(id)}?measurements=false`;
  const report = await context.client.get(path, reportSchema);
  print(context, report, () => reportLines(report).join('\n'));
  process.exitCode = report.status === 'passed' ? 0 : 1;
}

/** The verdict, then every metric, those that did not pass first. */
export function reportLines(report: Report): string[] {
  const { status, score, looks, plannedLooks, scopes } = report;
  const results = report.shown?.judgement.results ?? [];
  const order = (passed: boolean) => results.filter((one) => (one.classification === 'Pass') === passed);
  const rows = [...order(false), ...order(true)].map((one) => [
    one.classification,
    [one.critical ? 'critical' : '', one.muted ? 'muted' : ''].filter(Boolean).join(' ') || '-',
    one.sentence,
  ]);
  return [
    `${status}${decidedBy(report)}: ${report.sentence ?? 'It has not looked yet.'}`,
    `${scopes.canary.scope} against ${scopes.baseline.scope} by ${report.configName}: score ${score ?? '-'}, look ${looks} of ${Math.max(looks, plannedLooks)}`,
    ...(rows.length > 0 ? ['', table(['verdict', 'weight', 'metric'], rows)] : []),
  ];
}

/** A verdict that the latest look does not give was a person's. */
function decidedBy({ status, history }: Report): string {
  const action = history.at(-1)?.action;
  const asked = action === 'askPerson' || action === 'extend';
  return asked && (status === 'passed' || status === 'failed') ? ' as a person decided' : '';
}
