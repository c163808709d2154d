import { describe, expect, it } from 'vitest';
import {
  aloneIn,
  keptOutBy,
  lacksLabel,
  mayNarrow,
  selectorFor,
} from '@/server/providers/kubernetes/verbs/selector';
import { LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';

const label = trafficLabel('web');
const added = { 'app.kubernetes.io/name': 'web' };

describe('the selector of a load balancer', () => {
  it('names the group that is reached alone, whatever people have added', () => {
    expect(aloneIn(selectorFor('web', null), 'web')).toBeNull();
    expect(aloneIn(selectorFor('web', 'web-v001'), 'web')).toBe('web-v001');
    expect(aloneIn({ ...selectorFor('web', 'web-v001'), ...added }, 'web')).toBe('web-v001');
  });

  it('is theirs where people have written another one', () => {
    expect(aloneIn({ ...selectorFor('web', null), ...added }, 'web')).toBeUndefined();
    expect(aloneIn({ [LABELS.serverGroup]: 'web-v001' }, 'web')).toBeUndefined();
    expect(aloneIn({}, 'web')).toBeUndefined();
  });

  it('gets its label again where somebody has taken it out, and keeps another value of theirs', () => {
    expect(lacksLabel(added, 'web')).toBe(true);
    expect(lacksLabel({}, 'web')).toBe(true);
    expect(lacksLabel({ ...selectorFor('web', null), ...added }, 'web')).toBe(false);
    expect(lacksLabel({ [label]: 'no' }, 'web')).toBe(false);
  });

  it('is left to one group only where nothing was added', () => {
    expect(mayNarrow(selectorFor('web', 'web-v001'), 'web')).toBe(true);
    expect(mayNarrow({ ...selectorFor('web', 'web-v001'), ...added }, 'web')).toBe(false);
    expect(mayNarrow(added, 'web')).toBe(false);
  });

  it('keeps out who lacks what people have added, and nobody by what Signalbox writes', () => {
    const carried = { ...added, [LABELS.serverGroup]: 'web-v000' };
    expect(keptOutBy({ ...selectorFor('web', 'web-v001'), ...added }, 'web', carried)).toBeNull();
    expect(keptOutBy({ ...selectorFor('web', null), team: 'blue' }, 'web', carried)).toBe('team=blue');
    expect(keptOutBy({ ...added, [label]: 'no' }, 'web', carried)).toBe(`${label}=no`);
    expect(keptOutBy({ ...added, [LABELS.serverGroup]: 'web-v001' }, 'web', carried)).toBeNull();
    expect(keptOutBy(added, 'web', carried)).toBeNull();
  });
});
