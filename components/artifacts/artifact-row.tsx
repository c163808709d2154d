'use client';

import { ShieldBan, ShieldCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { shortDigest } from '@/components/gates/gate.view';
import { Shape } from '@/components/status/shape';
import { VersionTag } from '@/components/status/version-tag';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { ArtifactView } from '@/server/domain/views/admin';

interface ArtifactRowProps {
  readonly artifact: ArtifactView;
  readonly forbidden: boolean;
  readonly onJudge: () => void;
}

/** One build with its state and the one thing to do about it. */
export function ArtifactRow({ artifact, forbidden, onJudge }: ArtifactRowProps) {
  const t = useTranslations('artifacts');
  const { veto } = artifact;
  return (
    <TableRow className="hover:bg-sunken">
      <TableCell>
        <span className="flex items-center gap-2">
          <span className="font-medium">{artifact.name}</span>
          <VersionTag version={artifact.version} vetoed={veto !== null} />
        </span>
      </TableCell>
      <TableCell>
        <span className="flex items-center gap-1">
          <code className="font-mono text-muted text-xs" title={artifact.digest}>
            {shortDigest(artifact.digest)}
          </code>
          <CopyButton value={artifact.digest} />
        </span>
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        <RelativeTime at={artifact.createdAt} />
      </TableCell>
      <TableCell>
        {artifact.runsIn.length === 0 ? (
          <span className="text-muted">{t('nowhere')}</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {artifact.runsIn.map((environment) => (
              <Badge key={environment}>{environment}</Badge>
            ))}
          </span>
        )}
      </TableCell>
      <TableCell className="max-w-72">
        {veto ? (
          <span className="flex min-w-0 flex-col">
            <span className="inline-flex items-center gap-1.5 font-medium text-danger-ink">
              <Shape name="cross" tone="danger" />
              {t('vetoed')}
            </span>
            <span className="truncate text-muted text-xs" title={veto.reason}>
              {t.rich('vetoedBy', {
                by: veto.by,
                reason: veto.reason,
                time: () => <RelativeTime at={veto.at} />,
              })}
            </span>
          </span>
        ) : (
          <span className="inline-flex items-center gap-1.5">
            <Shape name="check" tone="clear" />
            {t('deployable')}
          </span>
        )}
      </TableCell>
      <TableCell className="text-right">
        <Button
          size="sm"
          disabled={forbidden}
          title={forbidden ? t('notAllowed') : undefined}
          onClick={onJudge}
        >
          {veto ? <ShieldCheck aria-hidden /> : <ShieldBan aria-hidden />}
          {t(veto ? 'lift.button' : 'veto.button')}
        </Button>
      </TableCell>
    </TableRow>
  );
}
