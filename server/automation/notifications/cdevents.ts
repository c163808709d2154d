import { CloudEvent } from 'cloudevents';
import type {
  Moment,
  NotificationFormat,
  ToggleMoment,
  ToldArtifact,
} from '@/server/automation/notifications/format';

/** https://cdevents.dev, 0.5: what a pipeline and its tasks do, and which service runs where. */
const SPEC_VERSION = '0.5.1';
const VERSION = '0.3.0';
/** Gates are not in 0.5; this is the form that it gives to events of one's own. */
const OWN_VERSION = '0.1.0';

interface Told {
  readonly type: string;
  readonly subject: { readonly id: string; readonly content: Readonly<Record<string, unknown>> };
  readonly customData?: Readonly<Record<string, unknown>>;
}

/** CDEvents in structured CloudEvents. */
export const cdevents: NotificationFormat = {
  kind: 'cdevents',
  label: 'CDEvents',
  contentType: 'application/cloudevents+json',
  message(moment, source) {
    const told = toldOf(moment);
    return told && { type: told.type, body: (id) => bodyOf(moment, told, id, source) };
  },
  toggleMessage(moment, source) {
    const told = toggle(moment);
    return { type: told.type, body: (id) => bodyOf(moment, told, id, source) };
  },
};

/** @param moment one of an execution belongs to it as to a chain; one of a toggle, to what had switched it. */
function bodyOf(
  moment: Moment | ToggleMoment,
  told: Told,
  id: string,
  source: string,
): Record<string, unknown> {
  const chainId = 'execution' in moment ? moment.execution.id : moment.executionId;
  const { type, subject, customData } = told;
  const event = new CloudEvent({
    id,
    source,
    type,
    subject: subject.id,
    time: moment.at,
    datacontenttype: 'application/json',
    data: {
      context: {
        specversion: SPEC_VERSION,
        id,
        source,
        type,
        timestamp: moment.at,
        ...(chainId === null ? {} : { chainId }),
      },
      subject,
      ...(customData ? { customData, customDataContentType: 'application/json' } : {}),
    },
  });
  return event.toJSON();
}

/** Null for a service of which nobody knows the artifact or the environment. */
function toldOf(moment: Moment): Told | null {
  const { event } = moment;
  switch (event) {
    case 'execution.queued':
      return pipelineRun(moment, 'queued');
    case 'execution.started':
      return pipelineRun(moment, 'started');
    case 'execution.succeeded':
      return pipelineRun(moment, 'finished', { outcome: 'success' });
    case 'execution.failed':
      return pipelineRun(moment, 'finished', {
        outcome: moment.execution.status === 'errored' ? 'error' : 'failure',
        ...(moment.execution.error ? { errors: moment.execution.error } : {}),
      });
    case 'execution.stopped':
    case 'execution.canceled':
      return pipelineRun(moment, 'finished', { outcome: 'cancel' });
    case 'stage.started':
      return taskRun(moment, 'started');
    case 'stage.succeeded':
      return taskRun(moment, 'finished', { outcome: 'success' });
    case 'stage.failed':
      return taskRun(moment, 'finished', {
        outcome: moment.stage?.status === 'errored' ? 'error' : 'failure',
        ...(moment.stage?.error ? { errors: moment.stage.error } : {}),
      });
    case 'judgment.waiting':
      return judgment(moment, 'waiting');
    case 'judgment.decided':
      return judgment(moment, 'decided');
    case 'service.deployed':
      return service(moment, moment.replaces ? 'upgraded' : 'deployed');
    case 'service.rolledback':
      return service(moment, 'rolledback');
    case 'service.removed':
      return service(moment, 'removed');
    default:
      return event satisfies never;
  }
}

function pipelineRun({ execution, url }: Moment, predicate: string, more: object = {}): Told {
  return {
    type: `dev.cdevents.pipelinerun.${predicate}.${VERSION}`,
    subject: {
      id: execution.id,
      content: { pipelineName: `${execution.application}/${execution.pipeline}`, uri: url, ...more },
    },
  };
}

function taskRun({ execution, stage, url }: Moment, predicate: string, more: object = {}): Told {
  return {
    type: `dev.cdevents.taskrun.${predicate}.${VERSION}`,
    subject: {
      id: `${execution.id}/${stage?.refId ?? ''}`,
      content: { taskName: stage?.name ?? '', uri: url, pipelineRun: { id: execution.id }, ...more },
    },
    ...(stage ? { customData: { type: stage.type } } : {}),
  };
}

function judgment({ execution, stage, judgment: made, url }: Moment, predicate: string): Told {
  return {
    type: `dev.cdeventsx.signalbox-judgment.${predicate}.${OWN_VERSION}`,
    subject: {
      id: `${execution.id}/${stage?.refId ?? ''}`,
      content: {
        name: stage?.name ?? '',
        uri: url,
        pipelineRun: { id: execution.id },
        ...(made ? { decision: made.decision, by: made.by, input: made.input, comment: made.comment } : {}),
      },
    },
  };
}

function service({ execution, environment, artifact }: Moment, predicate: string): Told | null {
  if (!environment || (!artifact && predicate !== 'removed')) return null;
  const where = { environment: { id: environment } };
  return {
    type: `dev.cdevents.service.${predicate}.${VERSION}`,
    subject: {
      id: `${execution.application}/${environment}`,
      content: artifact && predicate !== 'removed' ? { ...where, artifactId: packageUrl(artifact) } : where,
    },
    customData: { application: execution.application, pipeline: execution.pipeline },
  };
}

/** Toggles are not in 0.5 either. */
function toggle({ event, toggle: one, environments, by, reason, url }: ToggleMoment): Told {
  const predicate = event === 'toggle.killed' ? 'killed' : 'returned';
  return {
    type: `dev.cdeventsx.signalbox-toggle.${predicate}.${OWN_VERSION}`,
    subject: { id: one.key, content: { name: one.name, uri: url, environments, by, reason } },
    ...(one.application === null ? {} : { customData: { application: one.application } }),
  };
}

/** https://github.com/package-url/purl-spec: `oci` for images in a registry, `generic` for all else. */
export function packageUrl({ name, version, digest }: ToldArtifact): string {
  const parts = name.split('/');
  const [host = '', ...path] = parts;
  const last = parts.at(-1) ?? name;
  if (path.length > 0 && /[.:]/.test(host) && digest) {
    const query = new URLSearchParams({ repository_url: parts.slice(0, -1).join('/'), tag: version });
    return `pkg:oci/${encodeURIComponent(last)}@${encodeURIComponent(digest)}?${query}`;
  }
  const plain = `pkg:generic/${parts.map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`;
  return digest ? `${plain}?${new URLSearchParams({ checksum: digest })}` : plain;
}
