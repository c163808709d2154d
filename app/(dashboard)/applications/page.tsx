import { ApplicationsPage } from '@/components/applications/applications-page';

export default function Applications() {
  return <ApplicationsPage />;
}
