import { ArtifactsPage } from '@/components/artifacts/artifacts-page';

export default function Page() {
  return <ArtifactsPage />;
}
