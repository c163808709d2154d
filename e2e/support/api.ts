import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ClustersView } from '@/server/domain/views/application';
import type { ExecutionView } from '@/server/domain/views/execution';

/** The REST door as a machine uses it. */
export class Api {
  constructor(
    readonly url: string,
    private readonly token: string | null,
  ) {}

  /** The token that the supervisor leaves for the CLI. */
  static async ofCliFile(path: string): Promise<Api> {
    const file = z
      .object({ url: z.string(), token: z.string() })
      .parse(JSON.parse(await readFile(path, 'utf8')));
    return new Api(file.url, file.token);
  }

  withToken(token: string | null): Api {
    return new Api(this.url, token);
  }

  authorization(): Record<string, string> {
    return this.token ? { authorization: `Bearer ${this.token}` } : {};
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...this.authorization(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  async must<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 400)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    // The callers name the documented shape of the door they call.
    return answer.body as T;
  }

  execution(id: string): Promise<ExecutionView> {
    return this.must('GET', `/api/v1/executions/${id}`);
  }

  clusters(application = 'catalog'): Promise<ClustersView> {
    return this.must('GET', `/api/v1/applications/${application}/clusters`);
  }

  judge(id: string, refId: string, decision: 'continue' | 'stop'): Promise<unknown> {
    return this.must('POST', `/api/v1/executions/${id}/stages/${refId}/judgment`, { decision });
  }
}
