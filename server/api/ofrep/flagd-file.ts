import { clientDoor, failure, measured } from '@/server/api/ofrep/door';
import { answerFile } from '@/server/services/toggle-serving/answer-file';

const ADDRESS = /^\/api\/toggles\/([^/]+)\/flagd\.json$/;

/** GET /api/toggles/{environment}/flagd.json: the definitions, for providers that evaluate in their own process. */
export const flagdFile = measured((exchange) =>
  clientDoor(exchange, undefined, ({ serving, client }) => {
    const environment = ADDRESS.exec(exchange.pathname)?.[1] ?? '';
    if (client.kind !== 'server')
      return failure(
        403,
        'GENERAL',
        'This client key stands in web pages: it gets answers, never definitions.',
      );
    if (encodeURIComponent(client.environment) !== environment)
      return failure(403, 'GENERAL', `This client key opens ${client.environment} and nothing else.`);
    const flags = serving.environment(client.environment);
    const found = flags && answerFile(flags, exchange.header('if-none-match'));
    if (!found)
      return failure(500, 'PROVIDER_NOT_READY', 'The flags of this environment cannot be used yet.');
    const headers = { etag: found.etag, 'cache-control': 'no-cache' };
    if (found.text === null) return { status: 304, headers, body: null };
    return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: found.text };
  }),
);
