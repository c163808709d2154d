import { BoardPage } from '@/components/board/board-page';

export default function Home() {
  return <BoardPage />;
}
