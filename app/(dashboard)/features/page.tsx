import { FeaturesPage } from '@/components/features/features-page';

export default function Page() {
  return <FeaturesPage />;
}
