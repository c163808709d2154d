import { checkRegion, type Platform, type Pod } from '@/server/providers/kubernetes/verbs/platform';
import { mainContainer } from '@/server/providers/kubernetes/verbs/pod-template';
import { tail } from '@/server/providers/kubernetes/verbs/tail';
import { LABELS, qualifiedName } from '@/server/providers/kubernetes/words/labels';
import { type GroupRef, ProviderError } from '@/server/providers/provider';

const LOG_BYTES = 64 * 1024;

/** The last lines of an instance's main container; of its run before while it waits to be started again. */
export async function readLog(
  { api, ...platform }: Platform,
  { region, name }: GroupRef,
  instanceId: string,
  lines: number,
  signal?: AbortSignal,
): Promise<string> {
  checkRegion({ api, ...platform }, region);
  const ref = { namespace: region, name: instanceId };
  const pod = await api.get('Pod', ref, signal);
  if (!pod || !belongs(pod, name))
    throw new ProviderError('not_found', `server group ${name} has no instance ${instanceId}`);
  const container = mainContainer(pod.spec?.containers ?? [])?.name;
  const log = await api.log(ref, { container, lines, previous: hasCrashed(pod, container) }, signal);
  return tail(log, LOG_BYTES);
}

function belongs({ metadata }: Pod, group: string): boolean {
  const owner = metadata?.ownerReferences?.find((one) => one.controller === true);
  return (
    metadata?.labels?.[LABELS.serverGroup] === group ||
    owner?.name === group ||
    (owner !== undefined && qualifiedName(owner) === group)
  );
}

function hasCrashed({ status }: Pod, container: string | undefined): boolean {
  const state = status?.containerStatuses?.find(({ name }) => name === container);
  return state !== undefined && state.restartCount > 0 && state.state?.waiting !== undefined;
}
