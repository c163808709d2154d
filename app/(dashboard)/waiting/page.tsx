import { WaitingPage } from '@/components/waiting/waiting-page';

export default function Page() {
  return <WaitingPage />;
}
