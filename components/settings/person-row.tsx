'use client';

import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { PersonAct } from '@/components/settings/person-dialogs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { TableCell, TableRow } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/time';
import type { UserView } from '@/server/domain/views/admin';

interface PersonRowProps {
  readonly person: UserView;
  readonly isMe: boolean;
  readonly onAct: (kind: PersonAct['kind']) => void;
}

export function PersonRow({ person, isMe, onAct }: PersonRowProps) {
  const t = useTranslations('settings');
  return (
    <TableRow className={cn(person.disabled && 'text-muted')}>
      <TableCell>
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{person.displayName}</span>
          <code className="font-mono text-muted text-xs">{person.username}</code>
          {isMe ? <Badge tone="accent">{t('people.you')}</Badge> : null}
          {person.disabled ? <Badge tone="off">{t('people.disabled')}</Badge> : null}
        </span>
      </TableCell>
      <TableCell>
        <span className="flex flex-wrap gap-1">
          {person.roles.map((role) => (
            <Badge key={role} title={t(`roleHints.${role}`)}>
              {t(`roles.${role}`)}
            </Badge>
          ))}
        </span>
      </TableCell>
      <TableCell className="text-muted">
        {t(person.origin === 'local' ? 'people.local' : 'people.oidc')}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {person.lastSeenAt ? <RelativeTime at={person.lastSeenAt} /> : t('people.never')}
      </TableCell>
      <TableCell className="text-right">
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button
              variant="ghost"
              className="w-8 px-0"
              aria-label={t('people.menu', { name: person.displayName })}
            >
              <Ellipsis aria-hidden />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            <DropdownMenuItem onSelect={() => onAct('roles')}>{t('people.editRoles')}</DropdownMenuItem>
            <DropdownMenuItem disabled={person.origin !== 'local'} onSelect={() => onAct('reset')}>
              {t('people.reset')}
            </DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem disabled={isMe} onSelect={() => onAct(person.disabled ? 'enable' : 'disable')}>
              {t(person.disabled ? 'people.enable' : 'people.disable')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </TableCell>
    </TableRow>
  );
}
