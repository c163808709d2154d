import { SignInPage } from '@/components/signin/sign-in-page';

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignIn({ searchParams }: Props) {
  const { next, callbackUrl, error } = await searchParams;
  return <SignInPage next={first(next) ?? first(callbackUrl)} error={first(error)} />;
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
