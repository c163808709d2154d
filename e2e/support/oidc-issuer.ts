import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Configuration, Provider } from 'oidc-provider';
import type { Role } from '@/server/domain/roles';

const CLIENT_ID = 'signalbox';
const LIFETIME_S = 600;

export interface IssuerPerson {
  readonly name: string;
  /** Absent when the issuer says nothing about roles. */
  readonly roles?: readonly (Role | 'janitor')[];
}

/** What `startStack` needs to sign people in by an issuer. */
type OidcEnvironment = Readonly<
  Record<'SIGNALBOX_URL' | 'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET', string>
>;

/**
 * An OpenID Connect issuer on a port of its own, whose sign-in page asks for a login and nothing else.
 * It keeps to the standard's letter: all claims but the subject come from the userinfo endpoint.
 */
export class OidcIssuer {
  readonly secret = randomBytes(24).toString('hex');
  readonly #people = new Map<string, IssuerPerson>();

  private constructor(
    private readonly server: Server,
    private readonly appUrl: string,
  ) {}

  /** For the product that people reach at `appUrl`. */
  static async start(appUrl: string): Promise<OidcIssuer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new OidcIssuer(server, appUrl);
    const provider = new Provider(issuer.url, issuer.#configuration());
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/')) void interact(provider, request, response);
      else void answer(request, response);
    });
    return issuer;
  }

  get url(): string {
    // A listening TCP server has an address object; it is a string for pipes only.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get env(): OidcEnvironment {
    return {
      SIGNALBOX_URL: this.appUrl,
      OIDC_ISSUER: this.url,
      OIDC_CLIENT_ID: CLIENT_ID,
      OIDC_CLIENT_SECRET: this.secret,
    };
  }

  /** Adds a person, or changes what is said of them from now on. */
  knows(login: string, person: IssuerPerson): void {
    this.#people.set(login, person);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  #configuration(): Configuration {
    return {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: this.secret,
          redirect_uris: [`${this.appUrl}/api/auth/callback/oidc`],
        },
      ],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'roles'], email: ['email'] },
      jwks: { keys: [{ ...signingKey(), use: 'sig', alg: 'RS256' }] },
      ttl: {
        Interaction: LIFETIME_S,
        Session: LIFETIME_S,
        Grant: LIFETIME_S,
        AccessToken: LIFETIME_S,
        IdToken: LIFETIME_S,
      },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, login) => {
        const person = this.#people.get(login);
        return (
          person && {
            accountId: login,
            claims: () => ({
              sub: login,
              preferred_username: login,
              email: `${login}@id.example`,
              ...person,
            }),
          }
        );
      },
      // Our own client: nobody is asked whether it may know them.
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({ clientId: CLIENT_ID, accountId: oidc.session?.accountId });
        grant.addOIDCScope('openid profile email');
        await grant.save();
        return grant;
      },
    };
  }
}

function signingKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
}

/** The sign-in page, and what it sends: a login, or that the person would rather not. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html').end(PAGE);
    return;
  }
  const login = new URLSearchParams(await textOf(request)).get('login');
  const result = login ? { login: { accountId: login } } : { error: 'access_denied' };
  await provider.interactionFinished(request, response, result);
}

const PAGE = `<!doctype html><html lang="en"><title>Issuer</title><h1>Who are you?</h1>
<form method="post"><label>Login <input name="login"></label><button>Sign in</button></form>
<form method="post"><button>Cancel</button></form>`;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
