/**
 * What a form offers for a field beyond its bare type, and what the service checks about its value.
 * Schemas of stage types, strategies and triggers carry it as `.meta({ widget })`.
 */
export const WIDGETS = [
  /** Name of an environment of the application; must exist. */
  'environment',
  /** Kind of the strategy registry; must exist. Its sibling `options` is the strategy's own form. */
  'strategy',
  'strategyOptions',
  /** Name of a pipeline of the application. */
  'pipeline',
  'application',
  'account',
  /** One region, or a list of them. */
  'region',
  /** Name of a cluster. */
  'cluster',
  /** refId of another stage of the pipeline. */
  'stage',
  'role',
  'artifact',
  /** Name of a webhook source. */
  'webhookSource',
  /** Name of a canary configuration of the application. */
  'canaryConfig',
  /** Name of a metrics source. */
  'metricsSource',
  /** Name of a notification endpoint. */
  'endpoint',
  /** Key of a toggle. */
  'toggle',
  /** Name of an environment of toggles. */
  'toggleEnvironment',
  /** Of the toggle that its sibling `toggle` names. */
  'variant',
  /** Whole seconds, entered as a duration. */
  'seconds',
  /** 0..100. */
  'percent',
  'timeZone',
  /** Crontab text. */
  'cron',
  /** An expression without `${}`. */
  'expression',
  /** Several lines of text. */
  'lines',
  /** JSON. */
  'json',
  'url',
] as const;
export type Widget = (typeof WIDGETS)[number];
