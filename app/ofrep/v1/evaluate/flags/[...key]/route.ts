import { preflight } from '@/server/api/ofrep/door';
import { evaluateFlag } from '@/server/api/ofrep/evaluate-flag';
import { asRoute } from '@/server/api/ofrep/next';

export const dynamic = 'force-dynamic';

export const POST = asRoute(evaluateFlag);
export { preflight as OPTIONS };
