'use client';

import { useTranslations } from 'use-intl';
import { DefinitionDiff } from '@/components/editor/definition-diff';
import { useEditor } from '@/components/editor/editor-context';
import { EDITOR_TABS, type EditorTab, tabOf } from '@/components/editor/issues.view';
import { JsonTab } from '@/components/editor/json-tab';
import { ParametersTab } from '@/components/editor/parameters-tab';
import { RulesTab } from '@/components/editor/rules-tab';
import { StagesTab } from '@/components/editor/stages-tab';
import { TriggersTab } from '@/components/editor/triggers-tab';
import type { EditorText } from '@/components/editor/use-text';
import { Card } from '@/components/ui/card';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';
import type { PipelineView } from '@/server/domain/views/admin';

interface EditorTabsProps {
  readonly tab: EditorTab;
  readonly onTab: (tab: EditorTab) => void;
  readonly text: EditorText;
  readonly saved: PipelineView | null;
  readonly mayWrite: boolean;
  readonly isNew: boolean;
}

/** The parts of a pipeline, each with the number of its problems. */
export function EditorTabs({ tab, onTab, text, saved, mayWrite, isNew }: EditorTabsProps) {
  const t = useTranslations('editor');
  const { draft } = useEditor();
  return (
    <Tabs value={tab} onValueChange={(next) => onTab(EDITOR_TABS.find((one) => one === next) ?? 'stages')}>
      <TabsList aria-label={t('tabs.label')}>
        {EDITOR_TABS.map((each) => (
          <TabsTrigger key={each} value={each}>
            {t(`tabs.${each}`)}
            <TabProblems tab={each} />
          </TabsTrigger>
        ))}
      </TabsList>
      <TabsContent value="stages">
        <StagesTab />
      </TabsContent>
      <TabsContent value="parameters">
        <ParametersTab />
      </TabsContent>
      <TabsContent value="triggers">
        <TriggersTab />
      </TabsContent>
      <TabsContent value="rules">
        <RulesTab isNew={isNew} />
      </TabsContent>
      <TabsContent value="json">
        <JsonTab text={text} mayWrite={mayWrite} />
      </TabsContent>
      <TabsContent value="diff">
        <Card className="overflow-hidden">
          <DefinitionDiff
            before={saved?.definition ?? null}
            after={draft}
            beforeLabel={saved ? t('savedAs', { revision: saved.revision }) : t('notSavedYet')}
            afterLabel={t('draft')}
          />
        </Card>
      </TabsContent>
    </Tabs>
  );
}

function TabProblems({ tab }: { tab: EditorTab }) {
  const t = useTranslations('editor');
  const { issues } = useEditor();
  const count = issues.filter((issue) => tabOf(issue) === tab).length;
  if (count === 0) return null;
  return (
    <span className="inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-danger-soft px-1 font-medium text-2xs text-danger-ink">
      <span aria-hidden>{count}</span>
      <span className="sr-only">{t('problems', { count })}</span>
    </span>
  );
}
