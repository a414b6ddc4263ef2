const KB = 1024;

/** As people read sizes of files: `820 KB`, `3.4 MB`. */
export const formatBytes = (bytes: number): string =>
  bytes < KB * KB ? `${Math.max(1, Math.round(bytes / KB))} KB` : `${(bytes / KB / KB).toFixed(1)} MB`;
