import { z } from 'zod';
import { type CliContext, print } from '@/cli/context';
import { lineDiff } from '@/cli/line-diff';

const stepSchema = z.looseObject({
  region: z.string().nullable(),
  type: z.string(),
  name: z.string(),
  instances: z.number().nullable(),
  refusal: z.string().nullable(),
  warning: z.string().nullable(),
});
const stageSchema = z.looseObject({
  name: z.string(),
  steps: z.array(stepSchema).nullable(),
  regionsAtOnce: z.boolean(),
  refusal: z.string().nullable(),
  later: z.string().nullable(),
});
const changeSchema = z.looseObject({
  kind: z.string(),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  serving: z.looseObject({ version: z.string(), text: z.string() }).nullable(),
});
const previewSchema = z.looseObject({
  stages: z.array(stageSchema),
  regions: z.array(
    z.looseObject({
      environment: z.string(),
      account: z.string(),
      region: z.string(),
      changes: z.array(changeSchema).nullable(),
      why: z.string().nullable(),
      able: z.boolean(),
    }),
  ),
});
type Preview = z.infer<typeof previewSchema>;
type Stage = Preview['stages'][number];
type Step = z.infer<typeof stepSchema>;
type Region = Preview['regions'][number];

/** What a deploy would do and write; exits 1 when it would be refused somewhere. */
export async function previewDeploy(context: CliContext, body: unknown): Promise<void> {
  const preview = await context.client.send('POST', '/deployments/preview', body, previewSchema);
  const several = new Set(preview.regions.map(({ environment }) => environment)).size > 1;
  print(context, preview, () =>
    [
      ...preview.stages.map(stageText),
      ...preview.regions.map((region) => (several ? `${region.environment}: ` : '') + regionText(region)),
    ].join('\n'),
  );
  const refused =
    preview.regions.some((region) => region.why !== null) ||
    preview.stages.some(({ refusal, steps }) => refusal ?? steps?.some((step) => step.refusal));
  if (refused) process.exitCode = 1;
}

function stageText({ name, steps, regionsAtOnce, refusal, later }: Stage): string {
  const regions = [...new Set((steps ?? []).map((step) => step.region))];
  const lines = regions.flatMap((region) =>
    stepLines((steps ?? []).filter((step) => step.region === region)),
  );
  if (regions.length > 1)
    lines.unshift(`  (${regionsAtOnce ? 'all regions at once' : 'one region after the other'})`);
  if (refusal !== null) lines.push(`  ! would be refused: ${refusal}`);
  if (later !== null) lines.push(`  ${later}`);
  return [lines.length > 0 ? `${name}:` : name, ...lines].join('\n');
}

function stepLines(steps: readonly Step[]): string[] {
  return steps.flatMap((step, index) => [
    `  ${index + 1}. ${step.name}${sizeOf(step)}`,
    ...(step.refusal === null ? [] : [`     ! would be refused: ${step.refusal}`]),
    ...(step.warning === null ? [] : [`     ! ${step.warning}`]),
  ]);
}

function sizeOf({ type, instances }: Step): string {
  if (type !== 'createServerGroup' || instances === null) return '';
  return ` (${instances} ${instances === 1 ? 'instance' : 'instances'})`;
}

function regionText({ account, region, changes, why, able }: Region): string {
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
