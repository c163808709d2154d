import { preflight } from '@/server/api/ofrep/door';
import { evaluateFlags } from '@/server/api/ofrep/evaluate-flags';
import { asRoute } from '@/server/api/ofrep/next';

export const dynamic = 'force-dynamic';

export const POST = asRoute(evaluateFlags);
export { preflight as OPTIONS };
