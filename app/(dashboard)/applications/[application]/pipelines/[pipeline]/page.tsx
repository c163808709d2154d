import { PipelinePage } from '@/components/pipelines/pipeline-page';

interface PageProps {
  readonly params: Promise<{ application: string; pipeline: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application, pipeline } = await params;
  return <PipelinePage application={decodeURIComponent(application)} name={decodeURIComponent(pipeline)} />;
}
