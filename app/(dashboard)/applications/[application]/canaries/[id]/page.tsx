import { ReportPage } from '@/components/canary/report-page';

interface PageProps {
  readonly params: Promise<{ application: string; id: string }>;
}

export default async function Page({ params }: PageProps) {
  const { application, id } = await params;
  return <ReportPage application={decodeURIComponent(application)} id={decodeURIComponent(id)} />;
}
