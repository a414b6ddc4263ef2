import { decide } from '../operations/report/decide.ts';
import { markPrinted } from '../operations/report/markPrinted.ts';
import { getReport, listReports } from '../operations/report/read.ts';
import { sign } from '../operations/report/sign.ts';
import { verify } from '../operations/report/verify.ts';
import { recordContext } from './recordContext.ts';
import { api, commandContext } from './procedures.ts';

export const reportRoutes = {
  sign: api.reports.sign.handler(({ input, context }) => sign(context.services, recordContext(context), input)),
  list: api.reports.list.handler(({ context }) => listReports(context.services, commandContext(context))),
  get: api.reports.get.handler(({ input, context }) => getReport(context.services, recordContext(context), input)),
  decide: api.reports.decide.handler(({ input, context }) => decide(context.services, recordContext(context), input)),
  markPrinted: api.reports.markPrinted.handler(({ input, context }) =>
    markPrinted(context.services, commandContext(context), input),
  ),
  verify: api.reports.verify.handler(({ input, context }) => verify(context.services, input)),
};
