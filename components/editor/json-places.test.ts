import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeIn, positionOf, scanJson } from '@/components/editor/json-places.view';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('every value of a text is found where it stands', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const scan = scanJson(text);
      if (!scan.ok) throw new Error(`refused at ${scan.at}: ${text}`);
      const walk = (part: unknown, path: string[]): void => {
        // A dot or a repeated name in a key makes a path that stands for two values.
        if (path.some((key) => key === '' || key.includes('.'))) return;
        const place = scan.places.get(path.join('.')) ?? { from: 0, to: 0 };
        expect(JSON.parse(text.slice(place.from, place.to))).toEqual(JSON.parse(JSON.stringify(part)));
        if (typeof part === 'object' && part !== null)
          for (const [key, inner] of Object.entries(part)) walk(inner, [...path, key]);
      };
      walk(value, []);
    }),
  );
});

it('a text is refused exactly when it is not JSON', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '.5',
    'e3',
    'null',
    ' ',
    '\\',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
      const text = parts.join('');
      expect(scanJson(text).ok).toBe(parses(text));
    }),
    { numRuns: 3_000 },
  );
});

it('a path without a value stands where the value around it does', () => {
  const text = '{\n  "a": {"b": 1}\n}';
  const scan = scanJson(text);
  const places = scan.ok ? scan.places : new Map();
  expect(text.slice(placeIn(places, 'a.c.d').from, placeIn(places, 'a.c.d').to)).toBe('{"b": 1}');
  expect(placeIn(places, 'z')).toEqual({ from: 0, to: text.length });
  expect(positionOf(text, placeIn(places, 'a').from)).toEqual({ line: 2, column: 8 });
});
