import { auditTrail } from '../operations/district/auditTrail.ts';
import { overview } from '../operations/district/overview.ts';
import { statistics } from '../operations/district/statistics.ts';
import { api, commandContext } from './procedures.ts';

export const districtRoutes = {
  overview: api.district.overview.handler(({ context }) => overview(context.services, commandContext(context))),
  statistics: api.district.statistics.handler(({ input, context }) =>
    statistics(context.services, commandContext(context), input),
  ),
  auditTrail: api.district.auditTrail.handler(({ input, context }) =>
    auditTrail(context.services, commandContext(context), input),
  ),
};
