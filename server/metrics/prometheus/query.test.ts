import { expect, it } from 'vitest';
import { withNamedTemplate } from '@/server/metrics/named-template';
import { buildQuery, prometheusQuerySchema } from '@/server/metrics/prometheus/query';
import type { Scope } from '@/server/metrics/source';

const scope: Scope = { scope: 'shop-v003', location: 'eu', extra: { zone: 'eu-1' } };

function built(query: object, of: Scope = scope) {
  return buildQuery(prometheusQuerySchema.parse({ type: 'prometheus', ...query }), of);
}

it('sends a whole query as it is, with names replaced', () => {
  const { promql, warnings } = built({
    customInlineTemplate: 'PromQL: sum(rate(up{sg="${scope}",zone="${zone}", region="${ location }"}[1m]))',
  });
  expect(promql).toBe('sum(rate(up{sg="shop-v003",zone="eu-1", region="eu"}[1m]))');
  expect(warnings).toEqual([]);
});

it('understands the way Kayenta keeps a template through its pipelines', () => {
  expect(built({ customInlineTemplate: 'PromQL:up{sg="$\\{scope}"}' }).promql).toBe('up{sg="shop-v003"}');
});

it('takes a text without a metric as the query, prefix or not', () => {
  expect(built({ customInlineTemplate: 'up{sg="${scope}"}' }).promql).toBe('up{sg="shop-v003"}');
});

it('builds the aggregation of a metric as Kayenta does', () => {
  const metric = {
    metricName: 'http_requests',
    labelBindings: ['code="500"'],
    groupByFields: ['zone', 'pod'],
  };
  expect(built({ ...metric, customInlineTemplate: 'sg="${scope}",zone="${zone}"' }).promql).toBe(
    'avg(http_requests{sg="shop-v003",zone="eu-1",code="500"}) by (zone,pod)',
  );
  expect(built({ ...metric, customInlineTemplate: '{sg="${scope}"}', aggregation: 'sum' }).promql).toBe(
    'sum(http_requests{sg="shop-v003",code="500"}) by (zone,pod)',
  );
  expect(built({ metricName: 'up', resourceType: 'aws_ec2_instance' }).promql).toBe(
    'avg(up{asg_groupName="shop-v003",zone=~"eu.{1}"})',
  );
  expect(
    built({ metricName: 'up' }, { ...scope, extra: { resourceType: 'gce_instance', project: 'p' } }).promql,
  ).toBe('avg(up{instance=~"shop-v003-.{4}",zone=~".+/projects/p/zones/eu-.{1}"})');
});

it('keeps a value within its quotes, whatever it contains', () => {
  const bad: Scope = { ...scope, scope: `a"} or vector(1) # \\ '` };
  expect(built({ customInlineTemplate: 'up{sg="${scope}"}' }, bad).promql).toBe(
    'up{sg="a\\"} or vector(1) # \\\\ \'"}',
  );
  expect(built({ customInlineTemplate: "up{sg='${scope}'}" }, bad).promql).toBe(
    `up{sg='a"} or vector(1) # \\\\ \\''}`,
  );
  expect(built({ customInlineTemplate: 'up{a="\\"",sg=`${scope}`}' }).promql).toBe(
    'up{a="\\"",sg=`shop-v003`}',
  );
  expect(() => built({ customInlineTemplate: 'up{sg=`${scope}`}' }, { ...scope, scope: '`' })).toThrow(
    'backtick',
  );
});

it('puts a value outside of quotes as PromQL, and is not misled by an apostrophe in a comment', () => {
  const matcher: Scope = { ...scope, extra: { where: 'zone=~"eu.*"' } };
  expect(built({ customInlineTemplate: '# don\'t\nup{${where},sg="${scope}"}' }, matcher).promql).toBe(
    '# don\'t\nup{zone=~"eu.*",sg="shop-v003"}',
  );
});

it('leaves the groups of label_replace alone', () => {
  const text = 'label_replace(up{sg="${scope}"}, "a", "${1}-$2", "b", "(.*)(.*)$")';
  expect(built({ customInlineTemplate: text }).promql).toBe(text.replace('${scope}', 'shop-v003'));
});

it('names what stands for nothing, also when it is a name that every object has', () => {
  for (const name of ['version', 'constructor', '__proto__', 'scope.x']) {
    const build = () => built({ customInlineTemplate: `up{v="\${${name}}"}` });
    expect(build).toThrow(
      `"\${${name}}" stands for nothing here. Known are \${zone}, \${scope}, \${location}.`,
    );
  }
  expect(() => built({ customInlineTemplate: '<#if a>up</#if>' })).toThrow('not supported');
});

it('warns when baseline and canary would be asked the same', () => {
  expect(built({ customInlineTemplate: 'PromQL:sum(up)' }).warnings).toHaveLength(1);
  expect(built({ metricName: 'up', labelBindings: ['a="b"'] }).warnings).toHaveLength(1);
  expect(built({ metricName: 'up', labelBindings: ['a="${scope}"', 'b="${location}"'] }).warnings).toEqual(
    [],
  );
});

it('warns when groups of the same name elsewhere would be measured together', () => {
  const query = { metricName: 'up', labelBindings: ['a="${scope}"'] };
  expect(built(query).warnings.join()).toContain('${location}');
  expect(
    buildQuery(prometheusQuerySchema.parse({ type: 'prometheus', ...query }), { ...scope, location: '' })
      .warnings,
  ).toEqual([]);
});

it('looks a named template up in the configuration', () => {
  const query = { type: 'prometheus', metricName: 'up', customFilterTemplate: 'mine' };
  expect(withNamedTemplate(query, { mine: 'sg="${scope}"' })).toEqual({
    type: 'prometheus',
    metricName: 'up',
    customInlineTemplate: 'sg="${scope}"',
  });
  expect(withNamedTemplate({ ...query, customInlineTemplate: 'x' }, {}).customInlineTemplate).toBe('x');
  expect(() => withNamedTemplate(query, { other: '' })).toThrow(
    'no template "mine" in the configuration. It has: other',
  );
  expect(() => built(query)).toThrow('not looked up');
});

it('refuses a query of which nothing can be asked', () => {
  expect(prometheusQuerySchema.safeParse({ type: 'prometheus' }).success).toBe(false);
  expect(prometheusQuerySchema.safeParse({ type: 'prometheus', metricName: 'up) or (' }).success).toBe(false);
  expect(
    prometheusQuerySchema.parse({ type: 'prometheus', metricName: 'up', serviceType: 'prometheus' }),
  ).toEqual({
    type: 'prometheus',
    metricName: 'up',
    serviceType: 'prometheus',
  });
  expect(() => built({ customInlineTemplate: 'PromQL:  ' })).toThrow('empty');
});
