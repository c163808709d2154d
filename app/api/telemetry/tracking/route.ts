import { preflight } from '@/server/api/ofrep/door';
import { asRoute } from '@/server/api/ofrep/next';
import { takeTracking } from '@/server/api/ofrep/tracking';

export const dynamic = 'force-dynamic';

export const POST = asRoute(takeTracking);
export { preflight as OPTIONS };
