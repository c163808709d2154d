'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { auditSubject, differences } from '@/components/activity/audit.view';
import { cn } from '@/components/ui/cn';
import { RelativeTime } from '@/components/ui/time';
import type { AuditEntry } from '@/server/domain/views/admin';

const VIA = ['web', 'api', 'cli', 'engine'] as const;

/** One change; opens to what each value was before and is after. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('activity');
  const id = useId();
  const [open, setOpen] = useState(false);
  const via = VIA.find((each) => each === entry.via);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        title={t(open ? 'collapse' : 'expand')}
        onClick={() => setOpen(!open)}
        className="grid min-h-11 w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 text-left text-sm hover:bg-sunken focus-visible:outline-offset-[-2px] md:grid-cols-[1rem_minmax(0,11rem)_minmax(0,13rem)_minmax(0,1fr)_6rem]"
      >
        <ChevronRight
          aria-hidden
          className={cn('size-4 text-muted transition-transform duration-150', open && 'rotate-90')}
        />
        <span className="min-w-0 truncate">
          <span className="font-medium">{entry.actor}</span>{' '}
          <span className="text-muted text-xs">{via ? t(`via.${via}`) : entry.via}</span>
        </span>
        <code className="truncate font-mono text-xs max-md:order-last max-md:col-span-2 max-md:col-start-2">
          {entry.action}
        </code>
        <span className="min-w-0 truncate text-muted max-md:hidden">
          {auditSubject(entry).text}
          {entry.reason ? ` · ${entry.reason}` : ''}
        </span>
        <RelativeTime at={entry.at} className="whitespace-nowrap text-right text-muted text-xs" />
      </button>
      <div id={id} hidden={!open} className="border-t bg-canvas px-4 py-3 md:pl-11">
        {open ? <Changes entry={entry} /> : null}
      </div>
    </li>
  );
}

function Changes({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('activity');
  const changed = differences(entry.before, entry.after);
  const { href } = auditSubject(entry);
  return (
    <div className="flex flex-col gap-2 text-sm">
      {href ? (
        <Link href={href} className="self-start text-accent-ink underline-offset-4 hover:underline">
          {t('openExecution')}
        </Link>
      ) : null}
      {entry.reason ? (
        <p>
          <span className="text-muted">{t('reason')}: </span>
          {entry.reason}
        </p>
      ) : null}
      {changed.length === 0 ? <p className="text-muted">{t('noDifference')}</p> : null}
      {changed.length > 0 ? (
        <table className="w-full table-fixed border-collapse text-xs">
          <thead>
            <tr className="text-left text-muted">
              <th scope="col" className="w-1/4 py-1 pr-3 font-medium">
                {t('value')}
              </th>
              <th scope="col" className="py-1 pr-3 font-medium">
                {t('before')}
              </th>
              <th scope="col" className="py-1 font-medium">
                {t('after')}
              </th>
            </tr>
          </thead>
          <tbody>
            {changed.map((each) => (
              <tr key={each.path} className="border-t align-top">
                <th scope="row" className="break-words py-1 pr-3 text-left font-mono font-normal text-muted">
                  {each.path || t('whole')}
                </th>
                <td className="break-words py-1 pr-3 font-mono">
                  {each.before === null ? (
                    <span className="text-muted">{t('none')}</span>
                  ) : (
                    <del className="rounded-sm bg-danger-soft px-1 text-danger-ink no-underline">
                      {each.before}
                    </del>
                  )}
                </td>
                <td className="break-words py-1 font-mono">
                  {each.after === null ? (
                    <span className="text-muted">{t('none')}</span>
                  ) : (
                    <ins className="rounded-sm bg-clear-soft px-1 text-clear-ink no-underline">
                      {each.after}
                    </ins>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}
