'use client';

import { useQuery } from '@tanstack/react-query';
import { Eye, EyeOff, KeyRound } from 'lucide-react';
import { getProviders, signIn } from 'next-auth/react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type SignInError, safeNext, signInError } from '@/components/signin/signin.view';
import { Button, IconButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Field, Input } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';

const RESET_COMMAND = 'npx signalbox user reset-password admin';

interface SignInFormProps {
  readonly next: string | null;
  /** Code of the sign-in routes, when they sent the person back here. */
  readonly error: string | null;
}

/** User name and password, and single sign-on where it is configured. */
export function SignInForm({ next, error: errorCode }: SignInFormProps) {
  const t = useTranslations('signin');
  const { error, pending, missing, submit } = useSignIn(next, errorCode);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) alert.current?.focus();
  }, [error]);

  return (
    <div className="flex w-full max-w-sm flex-col gap-5">
      <h1 className="font-semibold text-2xl tracking-tight">{t('title')}</h1>
      {error ? (
        <div
          ref={alert}
          role="alert"
          tabIndex={-1}
          className="rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-sm focus:outline-none"
        >
          {t(error)}
        </div>
      ) : null}
      <SingleSignOn next={next} />
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t('username')} error={missing.username ? t('required') : undefined}>
          {(control) => (
            <Input
              {...control}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              // The only thing to do on this page.
              autoFocus
              className="h-10 text-base"
            />
          )}
        </Field>
        <PasswordField missing={missing.password} />
        <MutationButton
          type="submit"
          variant="primary"
          size="lg"
          pending={pending}
          pendingLabel={t('submitting')}
        >
          {t('submit')}
        </MutationButton>
      </form>
      <div className="flex flex-col gap-2 border-t pt-4 text-muted text-xs">
        <p>{t('hint')}</p>
        <div className="flex items-center gap-1 rounded-md border bg-sunken py-0.5 pr-0.5 pl-2.5">
          <code className="min-w-0 flex-1 truncate font-mono text-ink">{RESET_COMMAND}</code>
          <CopyButton value={RESET_COMMAND} />
        </div>
      </div>
    </div>
  );
}

/** What the form does: checks, asks, goes on or says what went wrong. */
function useSignIn(next: string | null, errorCode: string | null) {
  const [error, setError] = useState<SignInError | null>(signInError(errorCode));
  const [pending, setPending] = useState(false);
  const [missing, setMissing] = useState({ username: false, password: false });

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const form = new FormData(event.currentTarget);
    const username = textOf(form.get('username')).trim();
    const password = textOf(form.get('password'));
    setMissing({ username: username === '', password: password === '' });
    if (username === '' || password === '') return;
    setPending(true);
    setError(null);
    const failure = await tryPassword(username, password);
    if (failure === null) {
      // A full load: the pages behind it are read with the new session.
      window.location.assign(safeNext(next, window.location.origin));
      return;
    }
    setPending(false);
    setError(failure);
  };
  return { error, pending, missing, submit };
}

function PasswordField({ missing }: { missing: boolean }) {
  const t = useTranslations('signin');
  const [shown, setShown] = useState(false);
  return (
    <Field label={t('password')} error={missing ? t('required') : undefined}>
      {(control) => (
        <div className="relative">
          <Input
            {...control}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            className="h-10 pr-10 text-base"
          />
          <IconButton
            label={shown ? t('hide') : t('show')}
            onClick={() => setShown(!shown)}
            className="absolute top-1 right-1"
          >
            {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </IconButton>
        </div>
      )}
    </Field>
  );
}

/** Nothing when it is not configured. */
function SingleSignOn({ next }: { next: string | null }) {
  const t = useTranslations('signin');
  const providers = useQuery({
    queryKey: ['sign-in-providers'],
    queryFn: () => getProviders(),
    staleTime: Infinity,
  });
  if (!providers.data?.['oidc']) return null;
  return (
    <>
      <Button
        size="lg"
        onClick={() => void signIn('oidc', { callbackUrl: safeNext(next, window.location.origin) })}
      >
        <KeyRound aria-hidden />
        {t('oidc')}
      </Button>
      <div aria-hidden className="flex items-center gap-3 text-faint text-xs">
        <span className="h-px flex-1 bg-line" />
        {t('or')}
        <span className="h-px flex-1 bg-line" />
      </div>
    </>
  );
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}

/** Null when signed in. */
async function tryPassword(username: string, password: string): Promise<SignInError | null> {
  try {
    const result = await signIn('credentials', { username, password, redirect: false });
    if (result?.ok && !result.error) return null;
    return signInError(result?.error ?? 'CredentialsSignin');
  } catch {
    return 'errorNetwork';
  }
}
