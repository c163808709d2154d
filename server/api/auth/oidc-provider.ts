import type { Profile } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Environment } from '@/server/env';

/** What of a code exchange's result is needed to learn who came. */
interface Exchange {
  readonly client: {
    readonly issuer: { readonly metadata: { readonly userinfo_endpoint?: string | undefined } };
    /** Also checks that the answer is about the subject of the identity token. */
    userinfo(tokens: Exchange['tokens']): Promise<Profile>;
  };
  readonly tokens: { claims(): Profile };
}

/** The issuer that the environment names, as next-auth wants it described. */
export function oidcProvider(env: Environment): OAuthConfig<{ sub: string }> {
  return {
    id: 'oidc',
    name: 'OpenID Connect',
    type: 'oauth',
    wellKnown: `${(env.OIDC_ISSUER ?? '').replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId: env.OIDC_CLIENT_ID,
    clientSecret: env.OIDC_CLIENT_SECRET,
    authorization: { params: { scope: 'openid profile email' } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    // Typed as the bare parameters, but next-auth hands over the checked token set of its client.
    userinfo: { request: (context) => claimsOf(context as unknown as Exchange) },
    profile: (profile) => ({ id: profile.sub }),
  };
}

/**
 * What the issuer says of a person. Issuers that keep to the standard's letter put only the subject
 * into the identity token and the rest behind the userinfo endpoint; others have no such endpoint.
 * @throws when the endpoint fails: without it, roles that were taken away would stay.
 */
export async function claimsOf({ client, tokens }: Exchange): Promise<Profile> {
  const signed = tokens.claims();
  if (!client.issuer.metadata.userinfo_endpoint) return signed;
  return { ...(await client.userinfo(tokens)), ...signed };
}
