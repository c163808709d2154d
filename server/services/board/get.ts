import { z } from 'zod';
import type { Board } from '@/server/domain/views/board';
import type { ServiceContext } from '@/server/services/context';

export const getBoardInput = z.object({ group: z.string().optional() });

/** The board: every application with what runs where. */
export async function getBoard(ctx: ServiceContext, input: z.output<typeof getBoardInput>): Promise<Board> {
  throw new Error(`stub getBoard ${String(ctx)} ${String(input)}`);
}
