import { describe, expect, it } from 'vitest';
import { Throttled } from '@/server/providers/aws/client/throttled';

const refusal = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
const never = () => new Promise<never>(() => undefined);

/** As a call of which every attempt is throttled and the next is held back. */
async function throttledOnce(throttled: Throttled, key: object): Promise<void> {
  await throttled.attempt(key, () => Promise.reject(refusal)).catch(() => undefined);
}

describe('a call that AWS throttles', () => {
  it('ends with what AWS said when it is held back for long, and is sent no more', async () => {
    const throttled = new Throttled(10);
    const key = {};
    await expect(
      throttled.call(key, async () => {
        await throttledOnce(throttled, key);
        return never();
      }),
    ).rejects.toBe(refusal);
    let sent = false;
    const late = throttled.attempt(key, async () => {
      sent = true;
    });
    await expect(late).rejects.toBe(refusal);
    expect(sent).toBe(false);
  });

  it('ends with what another call was told when it is held back before its first attempt', async () => {
    const throttled = new Throttled(10);
    await throttledOnce(throttled, {});
    await expect(throttled.call({}, never)).rejects.toBe(refusal);
  });

  it('is waited for while it is answered late, whatever was said before', async () => {
    const throttled = new Throttled(10);
    await throttledOnce(throttled, {});
    const key = {};
    const answer = new Promise<string>((resolve) => setTimeout(resolve, 400, 'late'));
    await expect(throttled.call(key, () => throttled.attempt(key, () => answer))).resolves.toBe('late');
  });
});
