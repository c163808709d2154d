import { FeaturePage } from '@/components/features/feature-page';

interface PageProps {
  readonly params: Promise<{ key: string }>;
}

export default async function Page({ params }: PageProps) {
  const { key } = await params;
  return <FeaturePage featureKey={decodeURIComponent(key)} />;
}
