/** One change to the worker's sources, made in a copy of them before the local build. */
export interface Patch {
  /** Relative to mediasoup's `worker/` directory. */
  file: string;
  /** Must occur exactly once in the file. */
  find: string;
  replace: string;
  reason: string;
}

export class PatchError extends Error {
  override name = 'PatchError';
}

export const patches: readonly Patch[] = [
  {
    file: 'meson.build',
    find: "meson_version: '>= 1.1.0'",
    replace: "meson_version: '>= 1.0.0'",
    reason: "Debian 12 has Meson 1.0.1; nothing in the worker's build files needs more than that",
  },
  {
    file: 'meson.build',
    find: "  cpp_args: cpp_args + ['-DMS_EXECUTABLE'],\n",
    replace: "  cpp_args: cpp_args + ['-DMS_EXECUTABLE'],\n  cpp_pch: 'pch/worker_pch.hpp',\n",
    reason: 'precompiled headers nearly halve the build (341 s of processor time instead of 628 s)',
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    find: '(operationType == BIO_CB_RETURN) ?',
    replace: '((operationType & BIO_CB_RETURN) != 0) ?',
    // OpenSSL calls back after an operation with BIO_CB_RETURN or-ed to the operation's code, so the comparison
    // never holds and the callback turns every answer into 1. Distributions build OpenSSL with kernel TLS, which
    // asks the BIO "do you do kTLS?": told 1, OpenSSL leaves out its write buffer and the worker dies of a null
    // pointer at the first ClientHello.
    reason: "the BIO callback must hand OpenSSL's own return values through",
  },
];

/**
 * @returns the patched text.
 * @throws PatchError if the line to change isn't there exactly once: another mediasoup version, for which someone
 *   has to look again. Building on without the change would give a worker that dies in its first call.
 */
export function applyPatch(text: string, patch: Patch): string {
  const occurrences = text.split(patch.find).length - 1;
  if (occurrences !== 1) {
    throw new PatchError(
      `cannot patch the worker's ${patch.file}: expected to find ${JSON.stringify(patch.find)} once, ` +
        `found it ${occurrences} times (why the change is needed: ${patch.reason})`,
    );
  }
  // A function as replacement, because `$` has a meaning in a replacement string.
  return text.replace(patch.find, () => patch.replace);
}
