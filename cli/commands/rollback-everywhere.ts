import { z } from 'zod';
import { startedSchema } from '@/cli/answers';
import { begun } from '@/cli/commands/begun';
import { type CliContext, print } from '@/cli/context';

const previewSchema = z.looseObject({
  application: z.string(),
  version: z.string().nullable(),
  possible: z.boolean(),
  why: z.string().nullable(),
  places: z.array(
    z.looseObject({
      account: z.string(),
      cluster: z.string(),
      environment: z.string().nullable(),
      platform: z.looseObject({ label: z.string() }),
      why: z.string().nullable(),
      unseen: z.looseObject({ seenAt: z.string().nullable() }).nullable(),
      regions: z.array(
        z.looseObject({
          region: z.string(),
          from: z.looseObject({ version: z.string() }).nullable(),
          to: z.looseObject({ version: z.string(), serverGroup: z.string() }).nullable(),
          why: z.string().nullable(),
        }),
      ),
    }),
  ),
});
type Preview = z.infer<typeof previewSchema>;
type Place = Preview['places'][number];

/** What is taken back: what one execution delivered, or one version of an application. */
export type Delivered =
  | { readonly execution: string }
  | { readonly application: string; readonly release: string };

interface Options {
  readonly reason: string;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
}

/** Takes a delivery back in all its environments; a dry run exits 1 when nothing could be taken back. */
export async function rollbackEverywhere(
  context: CliContext,
  target: Delivered,
  options: Options,
): Promise<void> {
  const path =
    'execution' in target
      ? `/executions/${encodeURIComponent(target.execution)}/rollback`
      : `/applications/${encodeURIComponent(target.application)}/rollback`;
  const version = 'release' in target ? target.release : null;
  if (options.dryRun) {
    const query = version === null ? '' : `?version=${encodeURIComponent(version)}`;
    const preview = await context.client.get(path + query, previewSchema);
    print(context, preview, () => previewText(preview));
    if (!preview.possible) process.exitCode = 1;
    return;
  }
  const body = { reason: options.reason, ...(version === null ? {} : { version }) };
  await begun(context, await context.client.send('POST', path, body, startedSchema), options);
}

function previewText({ application, version, why, places }: Preview): string {
  const head = version === null ? application : `${application} ${version}`;
  return [why === null ? head : `${head}: ${why}`, ...places.flatMap(placeLines)].join('\n');
}

function placeLines({ environment, cluster, account, platform, why, unseen, regions }: Place): string[] {
  return [
    `  ${environment ?? cluster} (${cluster} on ${account}, ${platform.label})${why === null ? '' : `: ${why}`}`,
    ...(unseen
      ? [
          `    ${unseen.seenAt ? `as last seen at ${unseen.seenAt}` : 'never seen'}; decided when the rollback runs`,
        ]
      : []),
    ...regions.map(({ region, from, to, why: here }) => {
      const stays = unseen ? 'is looked at' : 'stays';
      const going = to ? `${from?.version ?? 'nothing'} → ${to.version} (${to.serverGroup})` : stays;
      return `    ${region}: ${going}${here === null ? '' : `. ${here}`}`;
    }),
  ];
}
