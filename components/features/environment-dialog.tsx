'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { momentOf } from '@/components/features/schedule.view';
import { useSaveEnvironment } from '@/components/features/use-save-environment';
import { useTRPC } from '@/components/trpc/trpc';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Checkbox, Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { useExactTime } from '@/components/ui/time';
import {
  type Freeze,
  TOGGLE_EVENTS,
  type ToggleEvent,
  type ToggleNotification,
} from '@/server/domain/toggle-environments';
import type { ToggleEnvironmentRow } from '@/server/domain/views/toggles';

interface EnvironmentDialogProps {
  readonly environment: ToggleEnvironmentRow;
  readonly onClose: () => void;
}

/** When nothing may be switched in an environment, and who is told of what. */
export function EnvironmentDialog({ environment, onClose }: EnvironmentDialogProps) {
  const t = useTranslations('features.environments');
  const common = useTranslations('features');
  const { name } = environment;
  const [freezes, setFreezes] = useState<readonly Freeze[]>(environment.freezes);
  const [notifications, setNotifications] = useState<readonly ToggleNotification[]>(
    environment.notifications,
  );
  const save = useSaveEnvironment(onClose);
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('rulesOf', { name })}
        action={t('save')}
        pendingLabel={common('saving')}
        pending={save.isPending}
        onSubmit={() => save.mutate({ name, freezes: [...freezes], notifications: [...notifications] })}
      >
        <Freezes freezes={freezes} onChange={setFreezes} />
        <Notifications rules={notifications} onChange={setNotifications} />
      </FormDialogContent>
    </Dialog>
  );
}

interface FreezesProps {
  readonly freezes: readonly Freeze[];
  readonly onChange: (freezes: readonly Freeze[]) => void;
}

function Freezes({ freezes, onChange }: FreezesProps) {
  const t = useTranslations('features.freeze');
  const exact = useExactTime();
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-medium text-sm">{t('title')}</legend>
      <p className="text-muted text-sm">{t('text')}</p>
      {freezes.map((one, index) => {
        const times = { from: exact(one.from), until: exact(one.until), reason: one.reason };
        return (
          <div key={`${one.from} ${one.until}`} className="flex items-center gap-2 text-sm">
            <span className="min-w-0 flex-1">{t('one', times)}</span>
            <IconButton
              size="sm"
              label={t('remove', times)}
              onClick={() => onChange(freezes.toSpliced(index, 1))}
            >
              <X aria-hidden />
            </IconButton>
          </div>
        );
      })}
      <NewFreeze
        onAdd={(one) =>
          onChange([...freezes, one].toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from)))
        }
      />
    </fieldset>
  );
}

/** Times are meant by the clocks where the reader is. */
function NewFreeze({ onAdd }: { onAdd: (freeze: Freeze) => void }) {
  const t = useTranslations('features.freeze');
  const [typed, setTyped] = useState({ from: '', until: '', reason: '' });
  const [timeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [from, until] = [momentOf(typed.from, timeZone), momentOf(typed.until, timeZone)];
  const reason = typed.reason.trim();
  const isWhole = from !== null && until !== null && Date.parse(until) > Date.parse(from) && reason !== '';
  const field = (name: keyof typeof typed, type: string) => (
    <Field label={t(name)}>
      {(control) => (
        <Input
          {...control}
          type={type}
          maxLength={500}
          value={typed[name]}
          onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <div role="group" aria-label={t('add')} className="grid gap-2 sm:grid-cols-2">
      {field('from', 'datetime-local')}
      {field('until', 'datetime-local')}
      {field('reason', 'text')}
      <Button
        className="self-end justify-self-start"
        disabled={!isWhole}
        onClick={() => {
          if (from === null || until === null) return;
          onAdd({ from, until, reason });
          setTyped({ from: '', until: '', reason: '' });
        }}
      >
        {t('add')}
      </Button>
    </div>
  );
}

interface NotificationsProps {
  readonly rules: readonly ToggleNotification[];
  readonly onChange: (rules: readonly ToggleNotification[]) => void;
}

function Notifications({ rules, onChange }: NotificationsProps) {
  const t = useTranslations('features.tell');
  const trpc = useTRPC();
  const endpoints = useQuery(trpc.notifications.listEndpoints.queryOptions({})).data;
  const toldOf = (name: string) =>
    new Set(rules.filter(({ endpoint }) => endpoint === name).flatMap(({ events }) => events));
  const put = (endpoint: string, event: ToggleEvent, isTold: boolean) => {
    const events = TOGGLE_EVENTS.filter((one) => (one === event ? isTold : toldOf(endpoint).has(one)));
    const others = rules.filter((one) => one.endpoint !== endpoint);
    onChange(events.length === 0 ? others : [...others, { endpoint, events }]);
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-medium text-sm">{t('title')}</legend>
      {endpoints?.length === 0 ? <p className="text-muted text-sm">{t('empty')}</p> : null}
      {(endpoints ?? []).map(({ name }) => (
        <div
          key={name}
          role="group"
          aria-label={name}
          className="flex flex-wrap items-center gap-x-4 text-sm"
        >
          <span className="min-w-24 font-medium">{name}</span>
          {TOGGLE_EVENTS.map((event) => (
            <label key={event} className="inline-flex min-h-8 cursor-pointer items-center gap-2">
              <Checkbox
                checked={toldOf(name).has(event)}
                onCheckedChange={(next) => put(name, event, next === true)}
              />
              {t(event === 'toggle.killed' ? 'killed' : 'returned')}
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
