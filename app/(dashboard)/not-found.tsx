import { NotFoundPage } from '@/components/nav/problem-page';

export default function NotFound() {
  return <NotFoundPage />;
}
