import { z } from 'zod';

/** Why something is changed, where nobody has to say it. */
export const reasonSchema = z.string().trim().max(2_000).default('');
