import { flagdFile } from '@/server/api/ofrep/flagd-file';

export const dynamic = 'force-dynamic';

interface Segment {
  readonly params: Promise<{ readonly environment: string }>;
}

export async function GET(request: Request, { params }: Segment): Promise<Response> {
  return flagdFile(request, (await params).environment);
}
