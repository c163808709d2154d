import { z } from 'zod';

/** By which environments and pipelines know an account. */
export const accountNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens');
