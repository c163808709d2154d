import { ConfigsPage } from '@/components/canary/workbench/configs-page';

interface PageProps {
  readonly params: Promise<{ application: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application } = await params;
  return <ConfigsPage application={decodeURIComponent(application)} />;
}
