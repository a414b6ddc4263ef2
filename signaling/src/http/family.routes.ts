import { addMember } from '../operations/family/add.ts';
import { recordRelation, searchRelations } from '../operations/family/atDesk.ts';
import { confirmMember } from '../operations/family/confirm.ts';
import { endRelation } from '../operations/family/end.ts';
import { listFamily } from '../operations/family/list.ts';
import { requestMemberCode } from '../operations/family/requestCode.ts';
import { api, commandContext } from './procedures.ts';

export const familyRoutes = {
  list: api.family.list.handler(({ context }) => listFamily(context.services, commandContext(context))),
  add: api.family.add.handler(({ input, context }) => addMember(context.services, commandContext(context), input)),
  requestCode: api.family.requestCode.handler(({ input, context }) =>
    requestMemberCode(context.services, commandContext(context), input),
  ),
  confirm: api.family.confirm.handler(({ input, context }) =>
    confirmMember(context.services, commandContext(context), input),
  ),
  end: api.family.end.handler(({ input, context }) => endRelation(context.services, commandContext(context), input)),
  search: api.family.search.handler(({ input, context }) =>
    searchRelations(context.services, commandContext(context), input),
  ),
  record: api.family.record.handler(({ input, context }) =>
    recordRelation(context.services, commandContext(context), input),
  ),
};
