import { redirect } from 'next/navigation';
import { analysesHref } from '@/components/canary/places.view';

/** The list is a tab of the application. */
export default async function Page({ params }: { params: Promise<{ application: string }> }) {
  const { application } = await params;
  redirect(analysesHref(decodeURIComponent(application)));
}
