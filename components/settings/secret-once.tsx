'use client';

import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog, DialogContent } from '@/components/ui/dialog';

interface SecretOnceProps {
  readonly title: string;
  readonly description: string;
  readonly label: string;
  readonly done: string;
  /** Null: closed. */
  readonly secret: string | null;
  /** How to use it, as a line to copy. */
  readonly usage?: { readonly label: string; readonly line: string };
  readonly onClose: () => void;
}

/** Shows a secret this once. A press outside does not close it: it could not be opened again. */
export function SecretOnce({ title, description, label, done, secret, usage, onClose }: SecretOnceProps) {
  const t = useTranslations('common');
  return (
    <Dialog open={secret !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {secret === null ? null : (
        <DialogContent
          title={title}
          description={description}
          onInteractOutside={(event) => event.preventDefault()}
          onEscapeKeyDown={(event) => event.preventDefault()}
          footer={
            <Button variant="primary" onClick={onClose}>
              {done}
            </Button>
          }
        >
          <div className="flex flex-col gap-3">
            <Copyable label={label} text={secret} copyLabel={t('copy')} />
            {usage ? <Copyable label={usage.label} text={usage.line} copyLabel={t('copy')} /> : null}
          </div>
        </DialogContent>
      )}
    </Dialog>
  );
}

function Copyable({ label, text, copyLabel }: { label: string; text: string; copyLabel: string }) {
  return (
    <div>
      <p className="mb-1 text-muted text-xs">{label}</p>
      <div className="flex items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 break-all font-mono text-sm">{text}</code>
        <CopyButton value={text} label={`${copyLabel}: ${label}`} />
      </div>
    </div>
  );
}
