import { describe, expect, it } from 'vitest';
import { VERSION_COLOURS, versionColour } from '@/components/status/version.view';

describe('the colour of a version', () => {
  it('is one of the palette for whatever a version may look like', () => {
    for (const version of [
      '1.0.0',
      'v2',
      '',
      'main',
      '2026-11-21',
      'a3f9c0d',
      '1.0.0-rc.1',
      '99999999999999999999',
    ]) {
      const colour = versionColour(version);
      expect(Number.isInteger(colour) && colour >= 0 && colour < VERSION_COLOURS, version).toBe(true);
    }
  });
  it('differs between a version and its neighbours', () => {
    for (let minor = 0; minor < 20; minor++) {
      for (const neighbour of [`1.${minor + 1}.0`, `1.${minor}.1`, `2.${minor}.0`, `1.${minor + 2}.0`]) {
        expect(versionColour(neighbour), neighbour).not.toBe(versionColour(`1.${minor}.0`));
      }
    }
  });
  it('does not depend on a leading v', () => {
    expect(versionColour('v1.4.2')).toBe(versionColour('1.4.2'));
  });
});
