import { describe, expect, it, vi } from 'vitest';
import { claimsOf } from '@/server/api/auth/oidc-provider';

const person = (userinfo_endpoint: string | undefined, more: Record<string, unknown> = {}) => ({
  client: {
    issuer: { metadata: { userinfo_endpoint } },
    userinfo: vi.fn<() => Promise<object>>(async () => ({
      sub: '42',
      name: 'Hanna',
      roles: ['engineer'],
      ...more,
    })),
  },
  tokens: { claims: () => ({ sub: '42', iss: 'https://id.example' }) },
});

describe('what an issuer says of a person', () => {
  it('is its identity token and what its userinfo endpoint adds', async () => {
    expect(await claimsOf(person('https://id.example/me'))).toEqual({
      sub: '42',
      iss: 'https://id.example',
      name: 'Hanna',
      roles: ['engineer'],
    });
  });

  it('is the identity token alone where there is no such endpoint', async () => {
    const hanna = person(undefined);
    expect(await claimsOf(hanna)).toEqual({ sub: '42', iss: 'https://id.example' });
    expect(hanna.client.userinfo).not.toHaveBeenCalled();
  });

  it('is what was signed, when the two differ', async () => {
    expect(await claimsOf(person('https://id.example/me', { iss: 'https://evil.example' }))).toMatchObject({
      iss: 'https://id.example',
    });
  });

  it('is nothing when the endpoint fails, so that nobody keeps roles that were taken away', async () => {
    const hanna = person('https://id.example/me');
    hanna.client.userinfo.mockRejectedValue(new Error('502'));
    await expect(claimsOf(hanna)).rejects.toThrow('502');
  });
});
