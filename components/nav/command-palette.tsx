'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { ArrowRight, Boxes, Rocket, RotateCcw, ToggleRight, TriangleAlert, Workflow } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMessage } from '@/components/i18n/provider';
import { useActions } from '@/components/nav/actions';
import { PLACES } from '@/components/nav/nav.view';
import {
  actionEntries,
  featureEntries,
  findEntries,
  type PaletteCommand,
  type PaletteEntry,
  type PaletteWords,
  pipelineEntries,
  waitingEntries,
} from '@/components/nav/palette.view';
import { useMay } from '@/components/nav/use-me';
import { useWaiting } from '@/components/nav/use-waiting';
import { useTRPC } from '@/components/trpc/trpc';
import type { PipelineView } from '@/server/domain/views/admin';
import type { Board } from '@/server/domain/views/board';

const PER_GROUP = 6;

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Search and verbs on every page. */
export function CommandPalette({ open, onOpenChange }: PaletteProps) {
  const t = useTranslations('nav');
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-in overflow-hidden rounded-xl border bg-surface shadow-lift focus:outline-none"
        >
          <Radix.Title className="sr-only">{t('openPalette')}</Radix.Title>
          <Palette onDone={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Apart, so that nothing is read or searched while the palette is closed. */
function Palette({ onDone }: { onDone: () => void }) {
  const t = useTranslations('nav');
  const [search, setSearch] = useState('');
  const groups = useGroups();
  const run = useRun(onDone);
  return (
    // Filtered by us: the library's own filter would weigh every entry of thousands at each key.
    <Command label={t('openPalette')} shouldFilter={false} loop>
      <Command.Input
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder={t('palettePlaceholder')}
        className="h-12 w-full border-b bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="scroll-slim max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-4 py-8 text-center text-muted text-sm">
          {t('paletteEmpty')}
        </Command.Empty>
        {groups.map(({ heading, icon, entries }) => {
          const found = findEntries(entries, search, PER_GROUP);
          if (found.length === 0) return null;
          return (
            <Command.Group
              key={heading}
              heading={heading}
              className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs"
            >
              {found.map((entry) => (
                <Command.Item
                  key={entry.id}
                  value={entry.id}
                  onSelect={() => run(entry.command)}
                  className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent-ink [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
                >
                  {iconOf(entry.command, icon)}
                  <span className="truncate">{entry.text}</span>
                </Command.Item>
              ))}
            </Command.Group>
          );
        })}
      </Command.List>
    </Command>
  );
}

function iconOf(command: PaletteCommand, icon: ReactNode): ReactNode {
  if (command.kind === 'deploy') return <Rocket aria-hidden />;
  return command.kind === 'rollBack' ? <RotateCcw aria-hidden /> : icon;
}

function useRun(onDone: () => void): (command: PaletteCommand) => void {
  const router = useRouter();
  const actions = useActions();
  return (command) => {
    onDone();
    switch (command.kind) {
      case 'go':
        router.push(command.href);
        return;
      case 'deploy':
        actions.deploy(command.application, command.environment);
        return;
      case 'rollBack':
        actions.rollBack(command.application, command.cluster, command.account);
        return;
      default: {
        const unreachable: never = command;
        return unreachable;
      }
    }
  };
}

/** They are read by application; beyond this many, opening the palette would cost more than it is worth. */
const MOST_APPLICATIONS = 40;

function usePipelines(board: Board | undefined): readonly PipelineView[] {
  const trpc = useTRPC();
  const applications = (board?.rows ?? []).map((row) => row.application).slice(0, MOST_APPLICATIONS);
  return useQueries({
    queries: applications.map((application) =>
      trpc.pipelines.list.queryOptions({ application }, { staleTime: 60_000 }),
    ),
    combine: allFound,
  });
}

/** One and the same function, so that the answer changes only when one of the parts does. */
function allFound(parts: readonly { readonly data?: PipelineView[] | undefined }[]): readonly PipelineView[] {
  return parts.flatMap(({ data }) => data ?? []);
}

interface Group {
  readonly heading: string;
  readonly icon: ReactNode;
  readonly entries: readonly PaletteEntry[];
}

function useGroups(): Group[] {
  const t = useTranslations('nav');
  const render = useMessage();
  const trpc = useTRPC();
  const board = useQuery(trpc.board.get.queryOptions({})).data;
  const everything = useQuery(trpc.applications.list.queryOptions({ seen: true })).data;
  const gates = useWaiting().data;
  const pipelines = usePipelines(board);
  const features = useQuery(trpc.toggles.list.queryOptions({})).data;
  const toggle = useMay('toggle.write');
  const deploy = useMay('execution.start');
  const rollBack = useMay('cluster.rollback');

  return useMemo(() => {
    const words: PaletteWords = {
      deploy: (application, environment) => t('paletteDeploy', { application, environment }),
      rollBack: (cluster) => t('paletteRollback', { cluster }),
      judge: ({ application, version, environment, stageName }) =>
        version && environment
          ? t('paletteApprove', { application, version, environment })
          : t('paletteApproveBare', { application, stage: render(stageName) }),
    };
    const places = PLACES.map(({ id, href }) => ({
      id,
      text: t(id),
      command: { kind: 'go', href } as const,
    }));
    // The board knows what is set up; what others made is only in the list.
    const names = [
      ...(board?.rows ?? []).map(({ application }) => application),
      ...(everything ?? []).filter(({ seenOnly }) => seenOnly).map(({ name }) => name),
    ];
    const applications = names.map((application) => ({
      id: `application ${application}`,
      text: application,
      command: { kind: 'go', href: `/applications/${encodeURIComponent(application)}` } as const,
    }));
    const actions = board ? actionEntries(board, words, { deploy, rollBack }) : [];
    return [
      {
        heading: t('paletteWaiting'),
        icon: <TriangleAlert aria-hidden />,
        entries: waitingEntries(gates ?? [], words),
      },
      { heading: t('paletteApplications'), icon: <Boxes aria-hidden />, entries: applications },
      {
        heading: t('palettePipelines'),
        icon: <Workflow aria-hidden />,
        entries: pipelineEntries(pipelines),
      },
      {
        heading: t('paletteFeatures'),
        icon: <ToggleRight aria-hidden />,
        entries: featureEntries(
          (features ?? []).map(({ key, name, environments }) => ({
            key,
            name,
            isOn: environments.some(({ on }) => on),
          })),
          toggle ? (name) => t('paletteKill', { name }) : null,
        ),
      },
      { heading: t('paletteActions'), icon: <Rocket aria-hidden />, entries: actions },
      { heading: t('paletteGo'), icon: <ArrowRight aria-hidden />, entries: places },
    ];
  }, [t, render, board, everything, gates, pipelines, features, toggle, deploy, rollBack]);
}
