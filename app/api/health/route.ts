import { handleHealth } from '@/server/api/rest/handlers';

export const dynamic = 'force-dynamic';

export { handleHealth as GET };
