import { NewFeaturePage } from '@/components/features/new-feature-page';

export default function Page() {
  return <NewFeaturePage />;
}
