import { parseServerGroupName } from '@/server/domain/naming';

const ofApplication = (application: string) => `/applications/${encodeURIComponent(application)}`;

/** All analyses of an application. */
export function analysesHref(application: string): string {
  return `${ofApplication(application)}?tab=canaries`;
}

/** The report of one of them. */
export function reportHref(application: string, id: string): string {
  return `${ofApplication(application)}/canaries/${encodeURIComponent(id)}`;
}

/** The workbench of a configuration; its list without a name. */
export function configHref(application: string, name?: string): string {
  const configs = `${ofApplication(application)}/canaries/configs`;
  return name === undefined ? configs : `${configs}/${encodeURIComponent(name)}`;
}

export function pipelinesHref(application: string): string {
  return `${ofApplication(application)}?tab=pipelines`;
}

/** Where a server group is shown; null for a scope that is none of this application. */
export function clusterHref(application: string, scope: string): string | null {
  const moniker = parseServerGroupName(scope);
  if (moniker?.application !== application || moniker.sequence === null) return null;
  return `${ofApplication(application)}?cluster=${encodeURIComponent(moniker.cluster)}`;
}
