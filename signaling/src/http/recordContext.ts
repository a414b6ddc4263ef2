import type { RecordContext } from '../operations/encounter/visibility.ts';
import { commandContext, type RequestContext } from './procedures.ts';

/** For operations that answer with charts and reports, which contain the verification address. */
export const recordContext = (context: RequestContext): RecordContext => ({
  ...commandContext(context),
  publicOrigin: context.publicOrigin,
});
