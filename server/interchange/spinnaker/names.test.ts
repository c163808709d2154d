import { expect, it } from 'vitest';
import { refIdOf } from '@/server/interchange/spinnaker/names';

it('calls no stage like a part of another one', () => {
  expect(refIdOf('3.1')).toBe('3-1');
  expect(refIdOf('Deploy to EU')).toBe('Deploy-to-EU');
});
