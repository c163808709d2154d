import enActivity from '@/components/i18n/en/activity.json';
import enApplications from '@/components/i18n/en/applications.json';
import enArtifacts from '@/components/i18n/en/artifacts.json';
import enBoard from '@/components/i18n/en/board.json';
import enCanary from '@/components/i18n/en/canary.json';
import enClusters from '@/components/i18n/en/clusters.json';
import enCommon from '@/components/i18n/en/common.json';
import enDeploy from '@/components/i18n/en/deploy.json';
import enEditor from '@/components/i18n/en/editor.json';
import enExecutions from '@/components/i18n/en/executions.json';
import enFeatures from '@/components/i18n/en/features.json';
import enGates from '@/components/i18n/en/gates.json';
import enGraph from '@/components/i18n/en/graph.json';
import enLive from '@/components/i18n/en/live.json';
import enMetricsSources from '@/components/i18n/en/metricsSources.json';
import enNav from '@/components/i18n/en/nav.json';
import enPipelines from '@/components/i18n/en/pipelines.json';
import enRollback from '@/components/i18n/en/rollback.json';
import enSettings from '@/components/i18n/en/settings.json';
import enSignin from '@/components/i18n/en/signin.json';
import enStatus from '@/components/i18n/en/status.json';
import enWaiting from '@/components/i18n/en/waiting.json';
import enWorkbench from '@/components/i18n/en/workbench.json';
import koActivity from '@/components/i18n/ko/activity.json';
import koApplications from '@/components/i18n/ko/applications.json';
import koArtifacts from '@/components/i18n/ko/artifacts.json';
import koBoard from '@/components/i18n/ko/board.json';
import koCanary from '@/components/i18n/ko/canary.json';
import koClusters from '@/components/i18n/ko/clusters.json';
import koCommon from '@/components/i18n/ko/common.json';
import koDeploy from '@/components/i18n/ko/deploy.json';
import koEditor from '@/components/i18n/ko/editor.json';
import koExecutions from '@/components/i18n/ko/executions.json';
import koFeatures from '@/components/i18n/ko/features.json';
import koGates from '@/components/i18n/ko/gates.json';
import koGraph from '@/components/i18n/ko/graph.json';
import koLive from '@/components/i18n/ko/live.json';
import koMetricsSources from '@/components/i18n/ko/metricsSources.json';
import koNav from '@/components/i18n/ko/nav.json';
import koPipelines from '@/components/i18n/ko/pipelines.json';
import koRollback from '@/components/i18n/ko/rollback.json';
import koSettings from '@/components/i18n/ko/settings.json';
import koSignin from '@/components/i18n/ko/signin.json';
import koStatus from '@/components/i18n/ko/status.json';
import koWaiting from '@/components/i18n/ko/waiting.json';
import koWorkbench from '@/components/i18n/ko/workbench.json';
import type { Locale } from '@/components/i18n/locale';
import domainEn from '@/server/domain/messages/en.json';
import domainKo from '@/server/domain/messages/ko.json';

const en = {
  activity: enActivity,
  applications: enApplications,
  artifacts: enArtifacts,
  board: enBoard,
  canary: enCanary,
  clusters: enClusters,
  common: enCommon,
  deploy: enDeploy,
  editor: enEditor,
  executions: enExecutions,
  features: enFeatures,
  gates: enGates,
  graph: enGraph,
  live: enLive,
  metricsSources: enMetricsSources,
  nav: enNav,
  pipelines: enPipelines,
  rollback: enRollback,
  settings: enSettings,
  signin: enSignin,
  status: enStatus,
  waiting: enWaiting,
  workbench: enWorkbench,
};

const ko = {
  activity: koActivity,
  applications: koApplications,
  artifacts: koArtifacts,
  board: koBoard,
  canary: koCanary,
  clusters: koClusters,
  common: koCommon,
  deploy: koDeploy,
  editor: koEditor,
  executions: koExecutions,
  features: koFeatures,
  gates: koGates,
  graph: koGraph,
  live: koLive,
  metricsSources: koMetricsSources,
  nav: koNav,
  pipelines: koPipelines,
  rollback: koRollback,
  settings: koSettings,
  signin: koSignin,
  status: koStatus,
  waiting: koWaiting,
  workbench: koWorkbench,
} satisfies Record<keyof typeof en, unknown>;

/** The shape of every catalogue; `use-intl` checks keys against it. */
export type Messages = typeof en;

/** Texts of the screens by language. A namespace is a file; add it to both languages here. */
export const MESSAGES: Readonly<Record<Locale, Messages>> = {
  en,
  ko,
};

/** Texts of what the engine and the services say. Their keys are data, so they are not checked by the compiler. */
export const DOMAIN_MESSAGES: Readonly<Record<Locale, object>> = { en: domainEn, ko: domainKo };
