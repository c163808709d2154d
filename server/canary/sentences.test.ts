import { createTranslator } from 'use-intl/core';
import { expect, it } from 'vitest';
import { judges } from '@/server/canary/registry';
import { configOf, type MetricCase, pairOf, spread, THRESHOLDS, times } from '@/server/canary/testing/cases';
import type { Message } from '@/server/domain/message';
import english from '@/server/domain/messages/en.json';
import korean from '@/server/domain/messages/ko.json';

const errors: string[] = [];
const textsOf = ({ canary }: typeof english) =>
  Object.fromEntries(
    Object.entries(canary).flatMap(([part, texts]) =>
      Object.entries(texts).flatMap(([key, text]) =>
        typeof text === 'string' ? [[`${part}/${key}`, text]] : [],
      ),
    ),
  );
const translators = (
  [
    ['en', english],
    ['ko', korean],
  ] as const
).map(([locale, messages]) =>
  createTranslator<Record<string, string>>({
    locale,
    messages: textsOf(messages),
    timeZone: 'UTC',
    onError: (error) => errors.push(error.message),
  }),
);

const levels = (factor: number, count = 60) => spread(count, 0.1).map((log) => factor * Math.exp(log));
const increase = { direction: 'increase' } as const;
/** One for every sentence that there is. */
const cases: MetricCase[] = [
  { canary: levels(1), baseline: levels(1) },
  { canary: levels(1.02), baseline: levels(1) },
  { canary: levels(0.5), baseline: levels(1), analysis: increase },
  { canary: levels(2), baseline: levels(1) },
  { canary: levels(0.5), baseline: levels(1) },
  { canary: levels(1.1), baseline: levels(1) },
  { canary: levels(1, 5), baseline: levels(1.02, 5) },
  { canary: spread(9, 1), baseline: spread(9, 1.1) },
  { canary: times(3, 9), baseline: times(0, 9) },
  { kind: 'counter', canary: [1, ...times(0, 9)], baseline: times(0, 10) },
  {
    kind: 'counter',
    canary: [0.1, ...times(0, 9)],
    baseline: times(0, 10),
    analysis: { effectSize: { negligible: 1 } },
  },
  { canary: levels(2), baseline: levels(1), analysis: { effectSize: { negligible: 1_000 } } },
  { canary: levels(2), baseline: levels(1), analysis: { effectSize: { measure: 'cles' } } },
  { canary: [1, 2], baseline: [1, 2] },
  { canary: [5], baseline: times(0, 4) },
  { canary: times(0, 9), baseline: times(3, 9) },
  { canary: [], baseline: [] },
  { canary: [], baseline: levels(1) },
  { canary: levels(1), baseline: [] },
  { canary: [Number.POSITIVE_INFINITY], baseline: levels(1) },
  { canary: [], baseline: [], error: 'connection refused' },
  { canary: [], baseline: [], analysis: { muted: true } },
];

function rendered({ key, values }: Message): string[] {
  return translators.map((translate) => translate(key.replace('canary.', '').replace('.', '/'), values));
}

it('has a sentence for every verdict in every language, without a value left out', () => {
  const seen = new Set<string>();
  for (const { judge } of Object.values(judges)) {
    for (const one of cases) {
      const judgement = judge({ config: configOf([one]), thresholds: THRESHOLDS, pairs: [pairOf(one)] });
      for (const message of [judgement.sentence, ...judgement.results.map(({ sentence }) => sentence)]) {
        seen.add(message.key.replace('canary.', ''));
        for (const text of rendered(message)) expect(text).toMatch(/^[^{}]{12,}$/);
      }
    }
  }
  expect(errors).toEqual([]);
  const known = Object.entries(english.canary).flatMap(([part, texts]) =>
    ['metric', 'outcome'].includes(part) ? Object.keys(texts).map((key) => `${part}.${key}`) : [],
  );
  expect([...seen].sort()).toEqual(known.sort());
});
