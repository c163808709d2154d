import { preflight } from '@/server/api/ofrep/door';
import { takeTracking } from '@/server/api/ofrep/tracking';

export const dynamic = 'force-dynamic';

export { preflight as OPTIONS, takeTracking as POST };
