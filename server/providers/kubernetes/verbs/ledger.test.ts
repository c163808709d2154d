import { describe, expect, it } from 'vitest';
import { type Aspect, isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { ANNOTATIONS } from '@/server/providers/kubernetes/words/labels';
import type { Operation } from '@/server/providers/provider';

const op = (id: string, fence = 1): Operation => ({ id, fence });
const holding = (annotations: Record<string, string>) => ({ metadata: { annotations } });
const after = (...steps: readonly [Operation, Aspect][]) =>
  steps.reduce((object, [operation, of]) => holding(noted(object, operation, of)), holding({}));

describe('the ledger of an object', () => {
  it('knows an operation that has acted, and one that has not', () => {
    const object = after([op('a'), 'size']);
    expect(standingOf(object, op('a'))).toBe('begun');
    expect(standingOf(object, op('b'))).toBe('new');
    expect(standingOf(null, op('a'))).toBe('new');
  });

  it('says that an operation is over when another has changed the same since', () => {
    const object = after([op('a'), 'size'], [op('b'), 'traffic']);
    expect(standingOf(object, op('a'))).toBe('begun');
    expect(standingOf(after([op('a'), 'size'], [op('b'), 'size']), op('a'))).toBe('over');
  });

  it('refuses a lower fence than the highest seen, also after a repetition', () => {
    const object = after([op('a', 3), 'size'], [op('a', 5), 'size']);
    expect(() => standingOf(object, op('a', 4))).toThrow('taken over by fence 5');
    expect(standingOf(object, op('a', 5))).toBe('begun');
    expect(isNoted(object, op('a', 5))).toBe(true);
    expect(isNoted(object, op('a', 6))).toBe(false);
  });

  it('a repetition does not make an old operation the newest', () => {
    const object = after([op('a'), 'size'], [op('b'), 'size'], [op('a', 2), 'size']);
    expect(standingOf(object, op('a', 2))).toBe('over');
    expect(standingOf(object, op('b'))).toBe('begun');
  });

  it('forgets the oldest beyond 32', () => {
    const many = Array.from({ length: 33 }, (_, index) => [op(`${index}`), 'size'] as [Operation, Aspect]);
    const object = after(...many);
    expect(standingOf(object, op('0'))).toBe('new');
    expect(standingOf(object, op('1'))).toBe('over');
  });

  it('starts anew when a person has made it unreadable', () => {
    const object = holding({ [ANNOTATIONS.operations]: '[{"id":' });
    expect(standingOf(object, op('a'))).toBe('new');
    expect(standingOf(holding(noted(object, op('a'), 'size')), op('a'))).toBe('begun');
  });
});
