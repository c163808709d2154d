import { WorkbenchPage } from '@/components/canary/workbench/workbench-page';

interface PageProps {
  readonly params: Promise<{ application: string; name: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application, name } = await params;
  return <WorkbenchPage application={decodeURIComponent(application)} name={decodeURIComponent(name)} />;
}
