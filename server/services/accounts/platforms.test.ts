import { expect, it } from 'vitest';
import { isServerlessKind } from '@/server/services/accounts/platforms';

it('knows where sizes mean nothing', () => {
  expect(['lambda', 'aws', 'local', 'unheard'].map(isServerlessKind)).toEqual([true, false, false, false]);
});
