/** Canary configurations that ask a Prometheus, as people write them. */

export function promql(text: string) {
  return { type: 'prometheus', customInlineTemplate: `PromQL:${text}` };
}

export function metric(name: string, more: object = {}) {
  return { name, query: promql('latency{server_group="${scope}"}'), groups: ['Latency'], ...more };
}

/** What a metric says to the judge. */
export function canary(analysis: object) {
  return { analysisConfigurations: { canary: analysis } };
}

export function canaryConfig(more: object = {}) {
  return { name: 'golden', metrics: [metric('latency')], ...more };
}
