import type { Database, Transaction } from '@/db/client';

/** Anything that can read: alone, or as part of a transaction. */
export type Reader = Database | Transaction;
