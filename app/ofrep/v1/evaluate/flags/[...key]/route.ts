import { preflight } from '@/server/api/ofrep/door';
import { evaluateFlag } from '@/server/api/ofrep/evaluate-flag';

export const dynamic = 'force-dynamic';

export { evaluateFlag as POST, preflight as OPTIONS };
