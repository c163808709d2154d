import { readBody } from '@/server/api/http/body';
import { errorResponse } from '@/server/api/http/errors';
import { clientDoor } from '@/server/api/ofrep/door';
import { AppError } from '@/server/domain/errors';
import { trackGoals, trackingSchema } from '@/server/services/toggle-serving/goals';

/** A hundred events with their contexts. Bytes. */
const LIMIT = 256_000;

/** POST /api/telemetry/tracking: what `client.track` of an application says, as OFREP has no door for it. */
export function takeTracking(request: Request): Promise<Response> {
  return clientDoor(request, undefined, async ({ serving, client }) => {
    try {
      const { events } = trackingSchema.parse(parsed(await readBody(request, LIMIT)));
      const accepted = trackGoals(serving, client.environment, events);
      return Response.json({ accepted }, { status: 202 });
    } catch (error) {
      return errorResponse(error);
    }
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AppError('bad_request', 'The body is no JSON. Send {"events": [{"name": "…"}]}.');
  }
}
