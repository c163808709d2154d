import { judgeNamed, judges } from '@/server/canary/registry';
import type { CanaryConfig, CanaryMetric } from '@/server/domain/canary';
import { metricsSources } from '@/server/metrics/registry';

/** Fields of Kayenta by which it manages the configuration, or that are read here; all others are news. */
const KNOWN_FIELDS = new Set([
  'applications',
  'classifier',
  'configVersion',
  'createdTimestamp',
  'createdTimestampIso',
  'description',
  'id',
  'isNew',
  'judge',
  'metrics',
  'name',
  'templates',
  'updatedTimestamp',
  'updatedTimestampIso',
]);
const KNOWN_METRIC_FIELDS = new Set([
  'analysisConfigurations',
  'groups',
  'id',
  'kind',
  'name',
  'query',
  'scopeName',
  'traffic',
]);
const FREEMARKER = /<#(?:if|else|elseif|list|assign)\b/;

/** What of a configuration is not known here, is not supported or means something else than it seems. */
export function kayentaNotes(config: CanaryConfig): string[] {
  return [
    ...judgeNotes(config),
    ...queryNotes(config),
    ...scopeNotes(config),
    ...weightNotes(config),
    ...(config.classifier.scoreThresholds
      ? [
          `The thresholds (pass ${config.classifier.scoreThresholds.pass}, marginal ${config.classifier.scoreThresholds.marginal}) are kept and not used: the stage says them, as in Kayenta.`,
        ]
      : []),
    ...fieldNotes(config),
  ];
}

function judgeNotes({ judge }: CanaryConfig): string[] {
  const found = judgeNamed(judge?.name);
  const names = Object.values(judges).map((one) => one.name);
  if (!found) return [`There is no judge "${judge?.name}". Choose ${names.join(' or ')}.`];
  if (judge === undefined) return [`It names no judge and will be judged by ${found.name}.`];
  return judge.name === found.name ? [] : [`"${judge.name}" is ${found.name} here.`];
}

function queryNotes({ metrics, templates }: CanaryConfig): string[] {
  const kinds: readonly string[] = Object.keys(metricsSources);
  const foreign = new Map<string, string[]>();
  const notes: string[] = [];
  for (const { name, query } of metrics) {
    if (!kinds.includes(query.type))
      foreign.set(query.type, [...(foreign.get(query.type) ?? []), `"${name}"`]);
    if (textsOf(query).some((text) => FREEMARKER.test(text)))
      notes.push(`The query of "${name}" has conditions (<#if …>), which are not supported. Write them out.`);
    if (typeof query['customFilter'] === 'string')
      notes.push(`The query of "${name}" has a customFilter, which is not read. Write a template instead.`);
  }
  for (const [template, text] of Object.entries(templates))
    if (FREEMARKER.test(text))
      notes.push(
        `The template "${template}" has conditions (<#if …>), which are not supported. Write them out.`,
      );
  for (const [type, names] of foreign)
    notes.push(
      `There is no metrics source of the kind "${type}", which ${names.join(', ')} ask${names.length === 1 ? 's' : ''}. Write queries of ${kinds.join(' or ')} for them.`,
    );
  return notes;
}

function textsOf(query: CanaryMetric['query']): string[] {
  return Object.values(query).filter((value) => typeof value === 'string');
}

function scopeNotes({ metrics }: CanaryConfig): string[] {
  const names = new Set(metrics.flatMap(({ scopeName }) => (scopeName ? [scopeName] : [])));
  if (names.size <= 1) return [];
  return [
    `Its metrics are of several scopes (${[...names].join(', ')}); here all of them compare the same two server groups.`,
  ];
}

/** Kayenta takes weights as they are; what does not add up to 100 keeps every score below it. */
function weightNotes({ metrics, classifier }: CanaryConfig): string[] {
  const groups = new Set(metrics.flatMap((metric) => metric.groups));
  const weights = Object.entries(classifier.groupWeights);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  const empty = weights.map(([group]) => group).filter((group) => !groups.has(group));
  const weighted = [...groups].every((group) => Object.hasOwn(classifier.groupWeights, group));
  return [
    ...empty.map((group) => `No metric is in the group "${group}", which has a weight.`),
    ...(weights.length > 0 && weighted && sum < 100
      ? [`The weights add up to ${sum}, so Kayenta's judge gives no score above that.`]
      : []),
  ];
}

function fieldNotes(config: CanaryConfig): string[] {
  const notes = Object.keys(config)
    .filter((field) => !KNOWN_FIELDS.has(field))
    .map((field) => `The field "${field}" is not known; it is kept and not used.`);
  const ofMetrics = new Set(
    config.metrics
      .flatMap((metric) => Object.keys(metric))
      .filter((field) => !KNOWN_METRIC_FIELDS.has(field)),
  );
  return [
    ...notes,
    ...[...ofMetrics].map(
      (field) => `The field "${field}" of metrics is not known; it is kept and not used.`,
    ),
  ];
}
