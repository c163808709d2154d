import { preflight } from '@/server/api/ofrep/door';
import { asRoute } from '@/server/api/ofrep/next';
import { streamChanges } from '@/server/api/ofrep/stream';

export const dynamic = 'force-dynamic';

export const GET = asRoute(streamChanges);
export { preflight as OPTIONS };
