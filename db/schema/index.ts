export * from '@/db/schema/automation';
export * from '@/db/schema/canary';
export * from '@/db/schema/catalog';
export * from '@/db/schema/engine';
export * from '@/db/schema/inventory';
export * from '@/db/schema/people';
export * from '@/db/schema/toggles';
