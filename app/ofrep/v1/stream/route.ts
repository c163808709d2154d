import { preflight } from '@/server/api/ofrep/door';
import { streamChanges } from '@/server/api/ofrep/stream';

export const dynamic = 'force-dynamic';

export { preflight as OPTIONS, streamChanges as GET };
