import { expect, it } from 'vitest';
import { lineDiff } from '@/cli/line-diff';

it('shows what stays, goes and comes, in order', () => {
  expect(lineDiff('a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 4\nc: 3\nd: 5\n')).toEqual([
    '  a: 1',
    '- b: 2',
    '+ b: 4',
    '  c: 3',
    '+ d: 5',
  ]);
});

it('shows a new text as coming and a removed one as going', () => {
  expect(lineDiff('', 'a\nb')).toEqual(['+ a', '+ b']);
  expect(lineDiff('a\nb', '')).toEqual(['- a', '- b']);
  expect(lineDiff('same', 'same')).toEqual(['  same']);
});
