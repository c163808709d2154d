import { preflight } from '@/server/api/ofrep/door';
import { evaluateFlags } from '@/server/api/ofrep/evaluate-flags';

export const dynamic = 'force-dynamic';

export { evaluateFlags as POST, preflight as OPTIONS };
