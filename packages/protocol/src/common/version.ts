/**
 * Version of the browser protocol. A client of the previous version keeps working through one release;
 * an older one is told PROTOCOL_OUTDATED and reloads when idle.
 */
export const PROTOCOL_VERSION = 1;
export const OLDEST_SUPPORTED_PROTOCOL_VERSION = 1;
