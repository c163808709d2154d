import { expect, it } from 'vitest';
import { unquoted } from '@/components/editor/words.view';

it('shows what stands in braces as people have to write it', () => {
  expect(unquoted("releases-'{region}' or '{name}':'{version}', the account’s")).toBe(
    'releases-{region} or {name}:{version}, the account’s',
  );
  expect(unquoted("it's plain, isn't it")).toBe("it's plain, isn't it");
});
