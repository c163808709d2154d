import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cdevents, packageUrl } from '@/server/automation/notifications/cdevents';
import { allMoments, momentOf } from '@/server/automation/testing/moments';

/** The form of CDEvents 0.5.1 in our own words: no field that it does not know, all that it demands. */

const SOURCE = 'https://signalbox.example';
const word = z.string().min(1);
const link = z.strictObject({ id: word });

const contents: Readonly<Record<string, z.ZodType>> = {
  'dev.cdevents.pipelinerun.queued.0.3.0': z.strictObject({
    pipelineName: word.optional(),
    uri: z.url().optional(),
  }),
  'dev.cdevents.pipelinerun.started.0.3.0': z.strictObject({ pipelineName: word, uri: z.url() }),
  'dev.cdevents.pipelinerun.finished.0.3.0': z.strictObject({
    pipelineName: word.optional(),
    uri: z.url().optional(),
    outcome: z.enum(['success', 'failure', 'cancel', 'error']),
    errors: word.optional(),
  }),
  'dev.cdevents.taskrun.started.0.3.0': z.strictObject({ taskName: word, uri: z.url(), pipelineRun: link }),
  'dev.cdevents.taskrun.finished.0.3.0': z.strictObject({
    taskName: word,
    uri: z.url(),
    pipelineRun: link,
    outcome: word,
    errors: word.optional(),
  }),
  'dev.cdevents.service.deployed.0.3.0': z.strictObject({ environment: link, artifactId: word }),
  'dev.cdevents.service.upgraded.0.3.0': z.strictObject({ environment: link, artifactId: word }),
  'dev.cdevents.service.rolledback.0.3.0': z.strictObject({ environment: link, artifactId: word }),
  'dev.cdevents.service.removed.0.3.0': z.strictObject({ environment: link }),
  'dev.cdeventsx.signalbox-judgment.waiting.0.1.0': z.looseObject({ uri: z.url() }),
  'dev.cdeventsx.signalbox-judgment.decided.0.1.0': z.looseObject({ uri: z.url(), decision: word }),
};

const eventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: word,
  source: word,
  type: word,
  subject: word,
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: z.strictObject({
    context: z.strictObject({
      specversion: z.literal('0.5.1'),
      id: word,
      source: word,
      type: word,
      timestamp: z.iso.datetime(),
      chainId: word,
    }),
    subject: z.strictObject({ id: word, content: z.unknown() }),
    customData: z.record(z.string(), z.unknown()).optional(),
    customDataContentType: z.literal('application/json').optional(),
  }),
});

describe('CDEvents', () => {
  it('are told of every moment in a form that the specification knows', () => {
    const types = new Set<string>();
    for (const moment of allMoments()) {
      const sent = JSON.stringify(cdevents.message(moment, SOURCE)?.body('one'));
      const event = eventSchema.parse(JSON.parse(sent));
      const { context, subject } = event.data;
      types.add(event.type);
      expect(contents[event.type], event.type).toBeDefined();
      contents[event.type]?.parse(subject.content);
      expect([context.id, context.source, context.type, context.timestamp, subject.id]).toEqual([
        event.id,
        event.source,
        event.type,
        event.time,
        event.subject,
      ]);
      expect(context.chainId).toBe(moment.execution.id);
    }
    expect([...types].sort()).toEqual(Object.keys(contents).sort());
  });

  it('tell a first delivery from one that replaces another, and machinery that broke from a bad release', () => {
    const typeOf = (replaces: boolean) =>
      cdevents.message(momentOf('service.deployed', { replaces }), SOURCE)?.type;
    expect(typeOf(false)).toContain('.deployed.');
    expect(typeOf(true)).toContain('.upgraded.');
    const body = cdevents.message(momentOf('stage.failed'), SOURCE)?.body('one');
    expect(body).toMatchObject({ data: { subject: { content: { outcome: 'error' } } } });
  });

  it('are not told of a service whose artifact or environment nobody knows', () => {
    expect(cdevents.message(momentOf('service.deployed', { artifact: null }), SOURCE)).toBeNull();
    expect(cdevents.message(momentOf('service.removed', { environment: null }), SOURCE)).toBeNull();
    expect(cdevents.message(momentOf('service.removed', { artifact: null }), SOURCE)).not.toBeNull();
  });
});

describe('a package URL', () => {
  it('names an image by its registry, and anything else by name and version', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(packageUrl({ name: 'ghcr.io/team/shop', version: '1.2.3', digest })).toBe(
      `pkg:oci/shop@sha256%3A${'a'.repeat(64)}?repository_url=ghcr.io%2Fteam&tag=1.2.3`,
    );
    expect(packageUrl({ name: 'shop', version: '1.0+x', digest: null })).toBe('pkg:generic/shop@1.0%2Bx');
    expect(packageUrl({ name: 'shop', version: '1', digest })).toContain('checksum=sha256%3Aaaa');
  });
});
