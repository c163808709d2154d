import { NotFoundPage } from '@/components/nav/problem-page';

export default function NotFound() {
  return (
    <main>
      <NotFoundPage />
    </main>
  );
}
