import { EditorPage } from '@/components/editor/editor-page';

interface PageProps {
  readonly params: Promise<{ application: string; pipeline: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application, pipeline } = await params;
  return <EditorPage application={decodeURIComponent(application)} name={decodeURIComponent(pipeline)} />;
}
