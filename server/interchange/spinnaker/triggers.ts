import { isUsable } from '@/server/domain/patterns';
import type { TriggerDefinition } from '@/server/domain/pipeline';
import { type ImportTarget, pipelineFor, timeZoneOf } from '@/server/interchange/spinnaker/context';
import { refIdOf, uniqueAmong } from '@/server/interchange/spinnaker/names';
import { crontabOf } from '@/server/interchange/spinnaker/quartz';
import { type Note, outcomeOf, type ReportEntry, Unmappable } from '@/server/interchange/spinnaker/report';
import { Source } from '@/server/interchange/spinnaker/source';
import type { Texts } from '@/server/interchange/spinnaker/texts';

type Constraint = { path: string; pattern: string };
type What = Pick<TriggerDefinition, 'type' | 'config'> & { constraints?: readonly Constraint[] };

interface Given {
  readonly target: ImportTarget;
  readonly texts: Texts;
  readonly parameters: ReadonlyMap<string, string>;
  /** Triggers that cannot be taken over, and why. */
  readonly refused: ReadonlyMap<string, string>;
}

export interface Triggers {
  readonly definitions: readonly TriggerDefinition[];
  readonly entries: readonly ReportEntry[];
}

/** What has no equivalent starts nothing here; the report says so. */
export function triggersOf(pipeline: Source, given: Given): Triggers {
  const definitions: TriggerDefinition[] = [];
  const entries: ReportEntry[] = [];
  const ids = new Set<string>();
  for (const [index, json] of pipeline.list('triggers').entries()) {
    const type = typeof json.type === 'string' ? json.type : 'unknown';
    const id = uniqueAmong(ids, refIdOf(typeof json.id === 'string' ? json.id : `${type}-${index + 1}`));
    ids.add(id);
    const { trigger, notes, refused } = triggerOf(json, type, id, given);
    if (trigger) definitions.push(trigger);
    const outcome = refused ? 'no equivalent' : outcomeOf(notes);
    entries.push({ part: 'trigger', ref: id, name: type, type, outcome, notes });
  }
  return { definitions, entries };
}

function triggerOf(json: Source['json'], type: string, id: string, given: Given) {
  try {
    const source = new Source(json, []);
    const reason = given.refused.get(id);
    if (reason !== undefined) throw new Unmappable(reason);
    const common = commonOf(source, given);
    const { constraints = [], ...what } = whatOf(source, type, given);
    source.finish();
    const all = [...constraints, ...common.constraints];
    const trigger: TriggerDefinition = {
      id,
      ...what,
      enabled: common.enabled,
      ...(all.length > 0 ? { constraints: all } : {}),
      ...(common.parameters ? { parameters: common.parameters } : {}),
    };
    return { trigger, notes: source.notes, refused: false };
  } catch (error) {
    if (!(error instanceof Unmappable)) throw error;
    const notes: Note[] = [{ level: 'lost', path: '', text: `It starts nothing here. ${error.message}` }];
    new Source(json, notes).finish('is not used');
    return { trigger: null, notes, refused: true };
  }
}

function commonOf(source: Source, { texts, parameters }: Given) {
  // Read already.
  source.text('type');
  source.text('id');
  source.needless('is only for people', 'description');
  source.lose(
    'The event’s own artifact is delivered, or the one that the trigger names.',
    'expectedArtifactIds',
    'artifactConstraints',
  );
  source.lose(
    'Triggers act by themselves.',
    'runAsUser',
    'linkBackToSource',
    'propertyFile',
    'rebake',
    'dryRun',
  );
  source.lose('Attributes of messages are not read.', 'attributeConstraints');
  const given = source.child('parameters');
  const values = Object.keys(given?.json ?? {}).flatMap((theirs) => {
    const name = parameters.get(theirs);
    const value = given ? texts.read(given, theirs) : undefined;
    if (name === undefined) given?.note('lost', theirs, 'The pipeline has no such parameter.');
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return {
    enabled: source.flag('enabled') ?? true,
    constraints: constraintsOf(source),
    parameters: values.length > 0 ? Object.fromEntries(values) : undefined,
  };
}

/** A pattern that could not be used would never be found; the trigger is left out instead. */
function constraintsOf(source: Source): Constraint[] {
  const given = source.child('payloadConstraints');
  return Object.keys(given?.json ?? {}).map((key) => {
    const pattern = given?.text(key) ?? '';
    if (!pattern || pattern.length > 500 || !isUsable(pattern))
      throw new Unmappable(`Its constraint "${key}" is not a regular expression that can be used.`);
    return { path: key.replace(/^\$\.?/, '') || key, pattern };
  });
}

function whatOf(source: Source, type: string, { target }: Given): What {
  switch (type) {
    case 'cron': {
      const quartz = source.needText('cronExpression');
      const crontab = crontabOf(quartz);
      const timeZone = source.text('timezone') ?? timeZoneOf(target);
      source.note(
        target.mapping.timeZone ? 'info' : 'changed',
        'cronExpression',
        `is now ${crontab}, in ${timeZone}`,
      );
      return { type: 'cron', config: { expression: crontab, timeZone } };
    }
    case 'git':
      return git(source, target);
    case 'webhook':
    case 'cdevents': {
      const name = sourceName(source, source.needText('source'), target);
      return { type: 'webhook', config: { source: name } };
    }
    case 'pipeline': {
      const application = source.text('application') ?? target.application;
      const pipeline = pipelineFor(target, source.needText('pipeline'));
      const on = (source.texts('status') ?? ['successful']).flatMap(endsOf);
      if (application !== target.application)
        source.note(
          'changed',
          'application',
          `The pipeline "${pipeline}" of ${target.application} is meant now.`,
        );
      return { type: 'pipeline', config: { application: target.application, pipeline, on } };
    }
    case 'docker':
      throw new Unmappable(
        'Add a registry trigger for the tag that is meant, or let the registry send its notifications.',
      );
    case 'jenkins':
    case 'travis':
    case 'concourse':
    case 'wercker':
      throw new Unmappable(
        'Let the build publish its artifact and use an artifact trigger, or send a webhook at its end.',
      );
    case 'pubsub':
      throw new Unmappable('Let the subscription push to a webhook source, and use a webhook trigger.');
    case 'manual':
      throw new Unmappable('Every pipeline can be started by hand.');
    default:
      throw new Unmappable(`A trigger of type "${type}" is not known here.`);
  }
}

function git(source: Source, target: ImportTarget): What {
  const host = source.needText('source');
  if (host !== 'github' && host !== 'gitlab')
    throw new Unmappable(`Pushes of ${host} are not known here; GitHub and GitLab can send them.`);
  const [project, slug, branch] = ['project', 'slug', 'branch'].map((key) => source.text(key));
  source.lose('Pushes start it.', 'events', 'hash');
  if (source.has('secret'))
    source.note('changed', 'secret', 'Secrets are not taken over; the webhook source has one of its own.');
  source.needless('the webhook source has a secret of its own', 'secret');
  needSource(host, target);
  const pattern = branch ? `^refs/heads/(?:${branch})$` : undefined;
  if (pattern && !isUsable(pattern))
    throw new Unmappable(`"${branch}" is not a regular expression that can be used.`);
  return {
    type: 'git',
    config: { source: host, ...(project && slug ? { repository: `${project}/${slug}` } : {}) },
    ...(pattern ? { constraints: [{ path: 'ref', pattern }] } : {}),
  };
}

/** Sources are added by an administrator, under names that fit a URL. */
function sourceName(source: Source, theirs: string, target: ImportTarget): string {
  const fitting = theirs
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '.')
    .replace(/^[._]+/, '')
    .slice(0, 63);
  const name = fitting || 'imported';
  needSource(name, target);
  source.note('changed', 'source', `Deliveries to the webhook source "${name}" must be signed.`);
  return name;
}

/** @throws Unmappable that says what to set up. */
function needSource(name: string, { sources }: ImportTarget): void {
  if (sources.includes(name)) return;
  throw new Unmappable(
    `Deliveries come in through a webhook source. Add one named "${name}" in the settings, let the sender know its secret, and import again.`,
  );
}

function endsOf(status: string): string[] {
  switch (status) {
    case 'successful':
      return ['succeeded'];
    case 'failed':
      return ['failed', 'errored'];
    case 'canceled':
      return ['canceled', 'stopped'];
    default:
      throw new Unmappable(`"${status}" is not an end that a pipeline can have here.`);
  }
}
