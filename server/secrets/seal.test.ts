import { describe, expect, it } from 'vitest';
import { secretBox } from '@/server/secrets/seal';

const SECRET = 'a secret of an installation, long enough';

describe('secretBox', () => {
  it('opens what it sealed, in another process with the same secret', () => {
    const sealed = secretBox(SECRET).seal('whsec_한국어');
    expect(sealed).not.toContain('whsec');
    expect(secretBox(SECRET).open(sealed)).toBe('whsec_한국어');
  });

  it('seals the same text differently each time', () => {
    const box = secretBox(SECRET);
    expect(box.seal('same')).not.toBe(box.seal('same'));
  });

  it('refuses what another secret sealed, what was changed, and what it does not know', () => {
    const box = secretBox(SECRET);
    const sealed = box.seal('secret');
    expect(() => secretBox(`${SECRET}!`).open(sealed)).toThrow();
    expect(() => box.open(`${sealed.slice(0, -2)}AA`)).toThrow();
    expect(() => box.open('plain')).toThrow(/form/);
  });
});
