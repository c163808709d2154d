import { randomBytes } from 'node:crypto';
import { type APIRequestContext, expect, type Page } from '@playwright/test';
import type { ToggleDefinitionInput, Variants } from '@/server/domain/toggles';

export const ON_OFF: Variants = { on: true, off: false };

/** Toggles as the pages change them: by the session of who is signed in. */
export class Toggles {
  readonly environment = 'staging';
  private own: string | undefined;

  constructor(
    page: Page,
    readonly url: string,
    private readonly request: APIRequestContext = page.request,
  ) {}

  async call<T>(procedure: string, input: unknown): Promise<T> {
    const response = await this.request.post(`${this.url}/api/trpc/toggles.${procedure}`, {
      data: { json: input },
    });
    const text = await response.text();
    expect(response.ok(), `${procedure}: ${text}`).toBe(true);
    // The callers name what the procedure answers.
    return (JSON.parse(text) as { result: { data: { json: T } } }).result.data.json;
  }

  /** A toggle with a key of its own. Resolves when it is served as it is defined. */
  async create(
    definition: Partial<ToggleDefinitionInput> = {},
    variants: Variants = ON_OFF,
    key = `e2e-${randomBytes(4).toString('hex')}`,
  ): Promise<string> {
    const [first = 'on'] = Object.keys(variants);
    await this.call('create', { key, name: key, variants, offVariant: null, reason: 'test' });
    await this.define(key, { on: true, defaultVariant: first, ...definition });
    await this.served(key, definition.on ?? true);
    return key;
  }

  /** Waits until the process that answers us has heard of it. */
  private async served(key: string, on: boolean): Promise<void> {
    this.own ??= (await this.clientKey()).key;
    const headers = { 'x-api-key': this.own };
    const address = `${this.url}/ofrep/v1/evaluate/flags/${key}`;
    const reason = async () => {
      const response = await fetch(address, {
        method: 'POST',
        headers,
        body: '{"context":{"targetingKey":"x"}}',
      });
      return (await response.json()) as { reason?: string; value?: unknown };
    };
    if (on) await expect.poll(async () => (await reason()).value).not.toBeUndefined();
    else await expect.poll(async () => (await reason()).reason).toBe('DISABLED');
  }

  async define(key: string, definition: ToggleDefinitionInput): Promise<void> {
    await this.call('setDefinition', { key, environment: this.environment, definition, reason: 'test' });
  }

  async exists(key: string): Promise<boolean> {
    const input = encodeURIComponent(JSON.stringify({ json: { key } }));
    return (await this.request.get(`${this.url}/api/trpc/toggles.get?input=${input}`)).ok();
  }

  async turn(key: string, on: boolean, environment = this.environment): Promise<void> {
    await this.call('setOn', { key, environment, on, reason: 'test' });
  }

  async clientKey(kind: 'server' | 'web' = 'server'): Promise<{ id: string; key: string }> {
    return this.call('clientKeys.create', { name: 'e2e', environment: this.environment, kind });
  }

  async revoke(id: string): Promise<void> {
    await this.call('clientKeys.revoke', { id });
  }
}
