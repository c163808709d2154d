import type { ASTNode } from '@marcbachmann/cel-js';
import { walk } from '@/server/expressions/compile';
import { ROOTS, type Root } from '@/server/expressions/environment';

/** What an expression reads, so that no more than that has to be fetched. */
export interface References {
  readonly roots: ReadonlySet<Root>;
  /** refIds read as `stages.<refId>` or `judgments.<refId>`; null when they cannot be told from the text. */
  readonly stages: ReadonlySet<string> | null;
  /** Names read as `parameters.<name>`. */
  readonly parameters: ReadonlySet<string>;
}

export function referencesOf(asts: readonly ASTNode[]): References {
  const roots = new Set<Root>();
  const stages = new Set<string>();
  const parameters = new Set<string>();
  let anyStage = false;
  for (const ast of asts) {
    const named = new Set<ASTNode>();
    walk(ast, (node) => {
      const member = memberOf(node);
      if (!member) return;
      named.add(member.object);
      if (member.root === 'stages' || member.root === 'judgments') stages.add(member.name);
      if (member.root === 'parameters') parameters.add(member.name);
    });
    walk(ast, (node) => {
      if (node.op !== 'id' || !isRoot(node.args)) return;
      roots.add(node.args);
      const all = node.args === 'stages' || node.args === 'judgments';
      if (all && !named.has(node)) anyStage = true;
    });
  }
  return { roots, stages: anyStage || roots.has('deployedServerGroups') ? null : stages, parameters };
}

interface Member {
  readonly object: ASTNode;
  readonly root: Root;
  readonly name: string;
}

function memberOf(node: ASTNode): Member | null {
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return null;
  const [object, key] = node.args;
  if (object.op !== 'id' || !isRoot(object.args)) return null;
  if (typeof key === 'string') return { object, root: object.args, name: key };
  return key.op === 'value' && typeof key.args === 'string'
    ? { object, root: object.args, name: key.args }
    : null;
}

function isRoot(name: string): name is Root {
  return Object.hasOwn(ROOTS, name);
}
