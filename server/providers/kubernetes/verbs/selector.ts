import { LABELS, TRAFFIC_ON, trafficLabel } from '@/server/providers/kubernetes/words/labels';

/** What of the selector of a load balancer's Service is Signalbox's to change, and what people have made of it. */

export type Selector = Readonly<Record<string, string>>;

/** @param alone the group that shall be reached alone, if any. */
export function selectorFor(loadBalancer: string, alone: string | null): Selector {
  return {
    [trafficLabel(loadBalancer)]: TRAFFIC_ON,
    ...(alone === null ? {} : { [LABELS.serverGroup]: alone }),
  };
}

/** The group that alone is reached; null when the label decides, undefined when people have chosen something else. */
export function aloneIn(selector: Selector, loadBalancer: string): string | null | undefined {
  const alone = selector[LABELS.serverGroup];
  if (selector[trafficLabel(loadBalancer)] !== TRAFFIC_ON) return undefined;
  return alone ?? (mayNarrow(selector, loadBalancer) ? null : undefined);
}

/**
 * Whether somebody has taken the traffic label out, so that labels keep nobody out: the next switch writes it again.
 * Another value of it is a choice of theirs.
 */
export function lacksLabel(selector: Selector, loadBalancer: string): boolean {
  return selector[trafficLabel(loadBalancer)] === undefined;
}

/** Whether it may be left to one group: where people have added anything, labels decide, pod by pod. */
export function mayNarrow(selector: Selector, loadBalancer: string): boolean {
  const { [trafficLabel(loadBalancer)]: label, [LABELS.serverGroup]: _, ...added } = selector;
  return label === TRAFFIC_ON && Object.keys(added).length === 0;
}

/**
 * What of the selector keeps pods out that carry these labels, as `key=value`; null when traffic labels can let them
 * in. The server group beside the traffic label, or instead of it, keeps nobody out, for it goes as soon as another shall
 * come in.
 */
export function keptOutBy(selector: Selector, loadBalancer: string, carried: Selector): string | null {
  const label = trafficLabel(loadBalancer);
  const isOurs = selector[label] === TRAFFIC_ON || lacksLabel(selector, loadBalancer);
  const carries = isOurs
    ? { ...carried, [label]: TRAFFIC_ON, [LABELS.serverGroup]: selector[LABELS.serverGroup] }
    : { ...carried, [label]: TRAFFIC_ON };
  const [lacking] = Object.entries(selector).filter(([key, value]) => carries[key] !== value);
  return lacking ? lacking.join('=') : null;
}
