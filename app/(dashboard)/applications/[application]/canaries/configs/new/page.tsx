import { NewConfigPage } from '@/components/canary/workbench/new-config-page';

interface PageProps {
  readonly params: Promise<{ application: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application } = await params;
  return <NewConfigPage application={decodeURIComponent(application)} />;
}
