import { z } from 'zod';
import { ERROR_STATUS, type ErrorCode as Code, type ErrorDetails as Details } from './errors.ts';

/*
 * Beside `errors.ts`, so that pages that only throw and show errors don't load zod for it.
 */

export type ErrorCode = Code;
// `Object.keys` forgets the literal types of a const object; this is the one place that knows them again.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const ErrorCode = z.enum(Object.keys(ERROR_STATUS) as [Code, ...Code[]]);

export type ErrorDetails = Details;
export const ErrorDetails: z.ZodType<Details> = z.record(z.string(), z.json());

export const AppErrorBody = z.object({
  code: ErrorCode,
  details: ErrorDetails.optional(),
  requestId: z.string().optional(),
});
export type AppErrorBody = z.infer<typeof AppErrorBody>;
