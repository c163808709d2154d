import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // What a test reads out of a message is for it to know.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A real receiver of messages, which answers as it is told; `never` leaves the sender waiting. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (message: Received) => Answer | 'never' = () => ({ status: 200 });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Listening on TCP, so the address is not a path.
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(server, `http://127.0.0.1:${port}/hooks`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const message = { id: headers['webhook-id'] ?? '', headers, text, body: JSON.parse(text) };
        receiver.received.push(message);
        const answer = receiver.answer(message);
        if (answer === 'never') return;
        response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      });
    });
    return receiver;
  }

  /** Messages by their type, in the order of arrival. */
  types(): readonly string[] {
    return this.received.map(({ body }) => body.type);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
