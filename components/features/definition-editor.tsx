'use client';

import { Braces } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LeaveDialog } from '@/components/editor/leave-dialog';
import { useLeaveGuard } from '@/components/editor/use-leave-guard';
import { DefinitionJson } from '@/components/features/definition-json';
import {
  definitionOf,
  definitionText,
  draftOf,
  draftProblems,
  type FeatureDraft,
  isSame,
} from '@/components/features/draft.view';
import { DraftOutcome } from '@/components/features/draft-outcome';
import { Playground } from '@/components/features/playground';
import { RequirementFields } from '@/components/features/requirement-fields';
import { RulesEditor } from '@/components/features/rules-editor';
import { SaveBar } from '@/components/features/save-bar';
import { ScheduleEditor } from '@/components/features/schedule-editor';
import { useDraftOutcome } from '@/components/features/use-draft-outcome';
import { useMay } from '@/components/nav/use-me';
import { Button } from '@/components/ui/button';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { ToggleView } from '@/server/domain/views/toggles';

interface Start {
  readonly definition: ToggleDefinition;
  readonly revision: number;
}

interface DefinitionEditorProps {
  readonly feature: ToggleView;
  readonly environment: string;
  /** How it stands now; it may change while somebody works here. */
  readonly start: Start;
  readonly requiresReview: boolean;
  readonly onDone: () => void;
}

/** Who gets what in one environment, changed without a word of JSON, or with it. */
export function DefinitionEditor({
  feature,
  environment,
  start,
  requiresReview,
  onDone,
}: DefinitionEditorProps) {
  const t = useTranslations('features.editor');
  const mayWrite = useMay('toggle.write');
  const work = useDraft(start);
  const { draft, put, definition, problems, isDirty } = work;
  const [showsJson, setShowsJson] = useState(false);
  const [isTrying, setTrying] = useState(false);
  const [unreadableOver, setUnreadable] = useState<string | null>(null);
  // A change of the rules takes the place of what was typed.
  const isUnreadable = showsJson && unreadableOver === definitionText(definition);
  const isSound = problems.length === 0 && !isUnreadable;
  const outcome = useDraftOutcome({ key: feature.key, environment, definition: isSound ? definition : null });
  const { held, stay } = useLeaveGuard(isDirty);
  const common = { feature, environment, draft, put, readOnly: !mayWrite };
  return (
    <div className="border-t bg-canvas">
      <div className={showsJson ? 'grid gap-4 p-4 xl:grid-cols-2' : 'p-4'}>
        {/* A fieldset switches off everything in it at once for those who may only look. */}
        <fieldset disabled={!mayWrite} className="flex min-w-0 flex-col gap-5">
          <RulesEditor {...common} problems={problems} base={work.base.definition} />
          <RequirementFields {...common} />
          <ScheduleEditor {...common} moments={outcome.moments} />
        </fieldset>
        {showsJson ? (
          <DefinitionJson
            definition={definition}
            readOnly={!mayWrite}
            onRead={put}
            onUnreadable={setUnreadable}
          />
        ) : null}
      </div>
      <div className="flex flex-wrap gap-2 px-4 pb-3">
        <Button size="sm" aria-expanded={showsJson} onClick={() => setShowsJson(!showsJson)}>
          <Braces aria-hidden />
          {showsJson ? t('hideJson') : t('showJson')}
        </Button>
        <Button size="sm" aria-expanded={isTrying} onClick={() => setTrying(!isTrying)}>
          {isTrying ? t('hideTry') : t('showTry')}
        </Button>
      </div>
      {isTrying ? (
        <div className="px-4 pb-4">
          <Playground feature={feature} environment={environment} draft={definition} />
        </div>
      ) : null}
      {mayWrite ? <DraftOutcome outcome={outcome} isDirty={isDirty} /> : null}
      {mayWrite ? (
        <SaveBar
          {...{ feature, environment, definition, isDirty, requiresReview, onDone }}
          canSave={isSound && outcome.problem === null}
          revision={work.base.revision}
          isOutdated={start.revision !== work.base.revision}
          onAdopt={() => work.adopt(start)}
          onDiscard={() => work.restart(start)}
        />
      ) : null}
      <LeaveDialog to={held} onStay={stay} />
    </div>
  );
}

/** A draft over the revision at which somebody began; it follows what others save until there is something to lose. */
function useDraft(start: Start) {
  const [base, setBase] = useState(start);
  const [draft, put] = useState<FeatureDraft>(() => draftOf(start.definition));
  const definition = useMemo(() => definitionOf(draft), [draft]);
  const problems = useMemo(() => draftProblems(draft), [draft]);
  // Compared as both are read, so that another way to write the same is no change.
  const isDirty = !isSame(definition, definitionOf(draftOf(base.definition)));
  if (!isDirty && base.revision !== start.revision) {
    setBase(start);
    put(draftOf(start.definition));
  }
  return {
    base,
    draft,
    put,
    definition,
    problems,
    isDirty,
    /** Keeps the draft on top of what stands now; the switch, which is no part of the forms, stays as others left it. */
    adopt: (from: Start) => {
      setBase(from);
      put({ ...draft, definition: { ...draft.definition, on: from.definition.on } });
    },
    restart: (from: Start) => {
      setBase(from);
      put(draftOf(from.definition));
    },
  };
}
