import { ApplicationPage } from '@/components/applications/application-page';

export default async function Application({ params }: { params: Promise<{ application: string }> }) {
  const { application } = await params;
  return <ApplicationPage application={decodeURIComponent(application)} />;
}
