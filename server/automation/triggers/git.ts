import { z } from 'zod';
import type { Firing, OutsideEvent, Seen, TriggerType } from '@/server/automation/triggers/trigger';
import { matchesAny } from '@/server/domain/patterns';

const patterns = z.array(z.string().min(1).max(200)).max(50);

const configSchema = z.object({
  /** Webhook source that the repository host sends to. */
  source: z.string().meta({ widget: 'webhookSource' }),
  /** `owner/name`; any when absent. */
  repository: z.string().min(1).max(300).optional(),
  /** Branches, with `*` for anything, e.g. `release/*`. */
  branches: patterns.default([]),
  /** Tags, with `*` for anything, e.g. `v*`. Without branches and tags every branch counts. */
  tags: patterns.default([]),
});
type Config = z.infer<typeof configSchema>;

/** What pushes of GitHub and GitLab have in common. */
const pushSchema = z
  .looseObject({
    ref: z.string(),
    after: z.string().optional(),
    deleted: z.boolean().optional(),
    repository: z.looseObject({ full_name: z.string().optional() }).optional(),
    project: z.looseObject({ path_with_namespace: z.string().optional() }).optional(),
  })
  .transform(({ ref, after, deleted, repository, project }) => ({
    ref,
    commit: after ?? '',
    deleted: deleted === true || /^0+$/.test(after ?? ''),
    repository: repository?.full_name ?? project?.path_with_namespace ?? '',
  }));

const PUSHES = new Set(['push', 'Push Hook', 'Tag Push Hook']);

/** Starts when something is pushed to a repository. */
export const git: TriggerType<Config> = {
  type: 'git',
  label: 'Git push',
  configSchema,
  startsAs: 'git',
  match,
};

function match(event: OutsideEvent, { config }: Seen<Config>): Firing | null {
  if (event.source !== config.source || !PUSHES.has(event.event)) return null;
  const push = pushSchema.safeParse(event.payload);
  if (!push.success || push.data.deleted) return null;
  const { ref, repository, commit } = push.data;
  if (config.repository && config.repository.toLowerCase() !== repository.toLowerCase()) return null;
  if (!isWanted(ref, config)) return null;
  const note = `push to ${ref.replace(/^refs\/(heads|tags)\//, '')} of ${repository}`;
  return { dedupe: `${event.source} ${event.deliveryId}`, note, payload: withCommit(event.payload, commit) };
}

function isWanted(ref: string, { branches, tags }: Config): boolean {
  const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
  if (tag !== undefined) return matchesAny(tag, tags);
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? ref;
  return branches.length === 0 ? tags.length === 0 : matchesAny(branch, branches);
}

/** Under one name, whoever sent it. */
function withCommit(payload: unknown, commit: string): unknown {
  return typeof payload === 'object' && payload !== null ? { ...payload, commit } : payload;
}
