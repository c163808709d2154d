import { flagdFile } from '@/server/api/ofrep/flagd-file';
import { asRoute } from '@/server/api/ofrep/next';

export const dynamic = 'force-dynamic';

export const GET = asRoute(flagdFile);
