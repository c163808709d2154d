import { clientDoor, failure } from '@/server/api/ofrep/door';
import { answerFile } from '@/server/services/toggle-serving/answer-file';

/** GET /api/toggles/{environment}/flagd.json: the definitions, for providers that evaluate in their own process. */
export function flagdFile(request: Request, environment: string): Promise<Response> {
  return clientDoor(request, undefined, ({ serving, client }) => {
    if (client.kind !== 'server')
      return failure(
        403,
        'GENERAL',
        'This client key stands in web pages: it gets answers, never definitions.',
      );
    if (client.environment !== environment)
      return failure(403, 'GENERAL', `This client key opens ${client.environment}, not ${environment}.`);
    const flags = serving.environment(environment);
    const found = flags && answerFile(flags, request.headers.get('if-none-match'));
    if (!found)
      return failure(500, 'PROVIDER_NOT_READY', 'The flags of this environment cannot be used yet.');
    const headers = { etag: found.etag, 'cache-control': 'no-cache' };
    if (found.text === null) return new Response(null, { status: 304, headers });
    return new Response(found.text, { headers: { ...headers, 'content-type': 'application/json' } });
  });
}
