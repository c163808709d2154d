import { NewPipelinePage } from '@/components/editor/new-pipeline-page';

interface PageProps {
  readonly params: Promise<{ application: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application } = await params;
  return <NewPipelinePage application={decodeURIComponent(application)} />;
}
