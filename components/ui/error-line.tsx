/** Why what was asked for could not be done, in the server's words; nothing while there is no error. */
export function ErrorLine({ error }: { error: { readonly message: string } | null }) {
  return error ? (
    <p role="alert" className="text-danger-ink text-sm">
      {error.message}
    </p>
  ) : null;
}
