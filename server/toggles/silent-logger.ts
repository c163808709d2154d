import type { Logger } from '@openfeature/core';

const nothing = () => undefined;

/** flagd-core explains itself in debug lines for every evaluation; nobody reads them here. */
export const SILENT: Logger = { error: nothing, warn: nothing, info: nothing, debug: nothing };
