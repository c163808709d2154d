import * as clusters from '@/server/interchange/spinnaker/stages/clusters';
import * as control from '@/server/interchange/spinnaker/stages/control';
import { createServerGroup, deploy } from '@/server/interchange/spinnaker/stages/deploy';
import type { Handler } from '@/server/interchange/spinnaker/stages/handler';
import * as manifests from '@/server/interchange/spinnaker/stages/manifests';
import * as outside from '@/server/interchange/spinnaker/stages/outside';

/** Their stage types that have something here. For all others a person is asked. */
export const handlers: Readonly<Record<string, Handler>> = {
  checkPreconditions: control.checkPreconditions,
  createServerGroup,
  deleteManifest: manifests.deleteManifest,
  deploy,
  deployManifest: manifests.deployManifest,
  destroyServerGroup: clusters.destroyServerGroup,
  disableCluster: clusters.disableCluster,
  disableManifest: manifests.disableManifest,
  disableServerGroup: clusters.disableServerGroup,
  enableManifest: manifests.enableManifest,
  enableServerGroup: clusters.enableServerGroup,
  evaluateVariables: control.evaluateVariables,
  findArtifactFromResource: outside.findArtifactFromResource,
  findArtifactsFromResource: outside.findArtifactFromResource,
  findImage: outside.findImage,
  findImageFromCluster: outside.findImage,
  findImageFromTags: outside.findImageFromTags,
  manualJudgment: control.manualJudgment,
  pipeline: control.pipeline,
  resizeServerGroup: clusters.resizeServerGroup,
  restrictExecutionDuringTimeWindow: control.waitForWindow,
  rollbackCluster: clusters.rollbackCluster,
  runJob: manifests.runJobManifest,
  runJobManifest: manifests.runJobManifest,
  scaleDownCluster: clusters.scaleDownCluster,
  scaleManifest: manifests.scaleManifest,
  shrinkCluster: clusters.shrinkCluster,
  undoRolloutManifest: manifests.undoRolloutManifest,
  wait: control.wait,
  webhook: outside.webhook,
};

const BUILD =
  'Artifacts are built before they come here; let the build server publish them, and start the pipeline by an artifact trigger.';
const CALL = 'A webhook stage can call that system and wait for its answer.';

/** What to do about types that have nothing here. */
export const hints: Readonly<Record<string, string>> = {
  kayentaCanary:
    'Canary analysis by a judge is not part of pipelines yet. Look at the metrics of both versions yourself.',
  bake: BUILD,
  bakeManifest: BUILD,
  jenkins: CALL,
  travis: CALL,
  concourse: CALL,
  wercker: CALL,
  googleCloudBuild: CALL,
  awsCodeBuild: CALL,
  script: CALL,
  gremlin: CALL,
  findArtifactFromExecution:
    'Let the other pipeline start this one, or find the artifact by the environment it runs in.',
  cloneServerGroup: 'Find the artifact of the environment and deploy it.',
};
