import { z } from 'zod';
import { AppErrorBody } from './errors.schemas.ts';

/** The answer to every socket and control-link request: data or a coded error, never a bare string. */
export type Result<T> = { ok: true; data: T } | { ok: false; error: AppErrorBody };

export const resultOf = <Data extends z.ZodType>(data: Data) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), data }),
    z.object({ ok: z.literal(false), error: AppErrorBody }),
  ]);

/** For `switch` statements that must be exhaustive: an unhandled case is a compile error. */
export function assertUnreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
}
