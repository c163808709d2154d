'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent } from '@/components/ui/dialog';

/** Asks before what was not saved is lost. */
export function LeaveDialog({ to, onStay }: { to: string | null; onStay: () => void }) {
  const t = useTranslations('editor.leave');
  const router = useRouter();
  return (
    <Dialog open={to !== null} onOpenChange={onStay}>
      {to === null ? null : (
        <DialogContent
          title={t('title')}
          description={t('text')}
          footer={
            <>
              <Button onClick={onStay}>{t('stay')}</Button>
              <Button
                variant="danger"
                onClick={() => {
                  onStay();
                  router.push(to);
                }}
              >
                {t('go')}
              </Button>
            </>
          }
        />
      )}
    </Dialog>
  );
}
