import { callRecord } from '../operations/encounter/callRecord.ts';
import { finish } from '../operations/encounter/finish.ts';
import { getEncounter } from '../operations/encounter/get.ts';
import { saveNote } from '../operations/encounter/saveNote.ts';
import { api, commandContext } from './procedures.ts';
import { recordContext } from './recordContext.ts';

export const encounterRoutes = {
  get: api.encounters.get.handler(({ input, context }) =>
    getEncounter(context.services, recordContext(context), input),
  ),
  call: api.encounters.call.handler(({ input, context }) =>
    callRecord(context.services, commandContext(context), input),
  ),
  finish: api.encounters.finish.handler(({ input, context }) =>
    finish(context.services, recordContext(context), input),
  ),
  saveNote: api.encounters.saveNote.handler(({ input, context }) =>
    saveNote(context.services, commandContext(context), input),
  ),
};
