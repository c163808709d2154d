'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { ConflictDialog } from '@/components/canary/workbench/conflict-dialog';
import { ConfigIssues } from '@/components/canary/workbench/issue-list';
import { TryPanel } from '@/components/canary/workbench/try-panel';
import { useConfigCheck } from '@/components/canary/workbench/use-config-check';
import { type ConfigDraft, useConfigDraft } from '@/components/canary/workbench/use-config-draft';
import { useConfigSave } from '@/components/canary/workbench/use-config-save';
import { usePlaces } from '@/components/canary/workbench/use-places';
import { useSaveKey } from '@/components/canary/workbench/use-save-key';
import { WorkbenchContext, type WorkbenchValue } from '@/components/canary/workbench/workbench-context';
import { WorkbenchHeader } from '@/components/canary/workbench/workbench-header';
import { WritingPane } from '@/components/canary/workbench/writing-pane';
import { FormContext } from '@/components/editor/form/form-context';
import { LeaveDialog } from '@/components/editor/leave-dialog';
import { useLeaveGuard } from '@/components/editor/use-leave-guard';
import { Button } from '@/components/ui/button';
import type { CanaryConfig } from '@/server/domain/canary';
import type { CanaryConfigView } from '@/server/domain/views/canary';

export interface WorkbenchProps extends Pick<WorkbenchValue, 'application' | 'sources' | 'kinds' | 'judges'> {
  /** Null for a new one. */
  readonly saved: CanaryConfigView | null;
  readonly start: { readonly config: CanaryConfig; readonly source: string };
  readonly mayWrite: boolean;
  readonly onSaved: (name: string) => void;
}

/** Where a configuration is written: its form at the left, what it would have said of the past at the right. */
export function Workbench({ saved, start, mayWrite, onSaved, ...known }: WorkbenchProps) {
  const t = useTranslations('workbench');
  const { application } = known;
  const draft = useConfigDraft({ saved, start });
  const { config, source, base, isBroken, isDirty } = draft;
  const name = saved?.name ?? null;
  const places = usePlaces(config);
  const { issues, isChecked } = useConfigCheck(application, source, config, name);
  const guard = useLeaveGuard(isDirty && mayWrite);
  const saving = useConfigSave({
    application,
    name,
    revision: base?.revision ?? null,
    onSaved: (state) => {
      draft.setBase(state);
      onSaved(name ?? state.config.name);
    },
  });
  const readOnly = !mayWrite || isBroken;
  const blocked = !isChecked || isBroken || issues.length > 0;
  const save = () => {
    if (mayWrite && !blocked && isDirty) void saving.save(config, source);
  };
  useSaveKey(save);
  const form = useMemo(() => ({ issues, readOnly, expressions: false }), [issues, readOnly]);
  const { put, putSource } = draft;
  return (
    <WorkbenchContext value={{ ...known, name, config, put, source, putSource }}>
      <FormContext value={form}>
        <WorkbenchHeader
          {...{ application, name, mayWrite, isDirty, blocked }}
          title={name ?? config.name}
          revision={base?.revision ?? null}
          isSaving={saving.isSaving}
          exported={config}
          onSave={save}
        />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-3">
            {mayWrite && isChecked && !isBroken ? (
              <ConfigIssues onGo={({ path }) => places.goToField(path)} />
            ) : null}
            {isBroken ? <BrokenNotice draft={draft} onShow={() => places.setTab('json')} /> : null}
            {saving.isSaving ? null : <StaleNotice saved={saved} draft={draft} />}
            <WritingPane {...{ draft, places, mayWrite }} />
          </div>
          <div className="scroll-slim min-w-0 xl:sticky xl:top-16 xl:max-h-[calc(100dvh-5rem)] xl:overflow-y-auto">
            <TryPanel
              may={mayWrite}
              notSaved={name === null || isDirty ? t('record.notSaved') : null}
              onEdit={places.goToMetric}
            />
          </div>
        </div>
        <LeaveDialog to={guard.held} onStay={guard.stay} />
        <ConflictDialog
          conflict={saving.conflict}
          config={config}
          onTake={(theirs) => {
            draft.take(theirs);
            saving.forget();
          }}
          onOverwrite={(theirs) => void saving.save(config, source, theirs.revision)}
          onClose={saving.forget}
        />
      </FormContext>
    </WorkbenchContext>
  );
}

interface BrokenNoticeProps {
  readonly draft: ConfigDraft;
  readonly onShow: () => void;
}

/** The text was typed so that it cannot be read: where, and the way back. */
function BrokenNotice({ draft: { typed, discardText }, onShow }: BrokenNoticeProps) {
  const t = useTranslations('workbench.json');
  const first = typed?.problems[0];
  if (!first) return null;
  const { line, column, path, message } = first;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg border border-danger bg-danger-soft px-3 py-2 text-danger-ink text-sm">
      <p role="status" className="min-w-0 break-words">
        {t('where', { line, column })} {message === null ? t('notJson') : `${path}: ${message}`}
      </p>
      <span className="flex gap-2">
        <Button size="sm" onClick={onShow}>
          {t('show')}
        </Button>
        <Button size="sm" onClick={discardText}>
          {t('discard')}
        </Button>
      </span>
    </div>
  );
}

interface StaleNoticeProps {
  readonly saved: CanaryConfigView | null;
  readonly draft: ConfigDraft;
}

/** Somebody saved while this was open. */
function StaleNotice({ saved, draft: { base, take } }: StaleNoticeProps) {
  const t = useTranslations('workbench');
  if (!saved || !base || saved.revision <= base.revision) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg bg-caution-soft px-3 py-2 text-caution-ink text-sm">
      <p role="status">{t('stale', { by: saved.updatedBy, revision: saved.revision })}</p>
      <Button size="sm" onClick={() => take(saved)}>
        {t('conflict.take')}
      </Button>
    </div>
  );
}
