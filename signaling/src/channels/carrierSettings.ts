import { z } from 'zod';
import type { MessageKind } from './templates.ts';

/** Longest a carrier may take to answer. Milliseconds. */
export const CARRIER_TIMEOUT_MS = 10_000;

/** The carrier's own names of the registered templates, by kind. A kind without one isn't sent by this carrier. */
export const TemplateCodes = z.record(z.string(), z.string().min(1));
export type TemplateCodes = z.infer<typeof TemplateCodes>;

/** @throws Error when the carrier has no template for the kind */
export function templateCodeFor(codes: TemplateCodes, kind: MessageKind): string {
  const code = codes[kind];
  if (code === undefined) throw new Error(`no template is registered for ${kind}`);
  return code;
}
