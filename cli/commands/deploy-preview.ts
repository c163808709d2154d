import { z } from 'zod';
import { type CliContext, print } from '@/cli/context';
import { lineDiff } from '@/cli/line-diff';

const changeSchema = z.looseObject({
  kind: z.string(),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  serving: z.looseObject({ version: z.string(), text: z.string() }).nullable(),
});
const previewSchema = z.looseObject({
  account: z.string(),
  regions: z.array(
    z.looseObject({
      region: z.string(),
      changes: z.array(changeSchema).nullable(),
      why: z.string().nullable(),
      able: z.boolean(),
    }),
  ),
});
type Preview = z.infer<typeof previewSchema>;
type Region = Preview['regions'][number];

/** What a deploy would write; exits 1 when the platform refuses it somewhere. */
export async function previewDeploy(context: CliContext, body: unknown): Promise<void> {
  const preview = await context.client.send('POST', '/deployments/preview', body, previewSchema);
  print(context, preview, () =>
    preview.regions.map((region) => regionText(preview.account, region)).join('\n'),
  );
  if (preview.regions.some((region) => region.why !== null)) process.exitCode = 1;
}

function regionText(account: string, { region, changes, why, able }: Region): string {
  const place = `${account} ${region}`;
  if (!able) return `${place}: this platform cannot say beforehand what it would write`;
  if (changes === null) return `${place}: ${why ?? 'it did not say'}`;
  return [
    `${place}:`,
    ...changes.flatMap(({ kind, name, before, after, serving }) => [
      `  ${kind} ${name}${before === null && serving ? ` (what differs from ${serving.version})` : ''}`,
      ...lineDiff(before ?? serving?.text ?? '', after ?? '').map((line) => `    ${line}`),
    ]),
  ].join('\n');
}
