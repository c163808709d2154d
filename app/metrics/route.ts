import { handleMetrics } from '@/server/api/rest/handlers';

export const dynamic = 'force-dynamic';

export { handleMetrics as GET };
