import { oc } from '@orpc/contract';
import type { Action } from '../common/actions.ts';
import { ErrorDetails } from '../common/errors.schemas.ts';
import { ERROR_STATUS, type ErrorCode } from '../common/errors.ts';

type ErrorMap = { [Code in ErrorCode]: { status: (typeof ERROR_STATUS)[Code]; data: typeof optionalDetails } };
const optionalDetails = ErrorDetails.optional();

// `Object.fromEntries` forgets which code has which status; the mapped type says it again.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const errorMap = Object.fromEntries(
  Object.entries(ERROR_STATUS).map(([code, status]) => [code, { status, data: optionalDetails }]),
) as ErrorMap;

export type ProcedureMeta = { readonly rule: Action };

/**
 * The one way to declare a route: it must name the rule that guards it. Signaling's dispatcher looks the rule up
 * before any handler runs.
 */
export const procedure = (rule: Action) => oc.errors(errorMap).$meta<ProcedureMeta>({ rule });
