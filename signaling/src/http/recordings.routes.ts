import { startRecording, stopRecording } from '../operations/recording/control.ts';
import { getRecording } from '../operations/recording/get.ts';
import { openRecording } from '../operations/recording/play.ts';
import { api, commandContext } from './procedures.ts';

export const recordingRoutes = {
  start: api.recordings.start.handler(({ input, context }) =>
    startRecording(context.services, commandContext(context), input),
  ),
  stop: api.recordings.stop.handler(({ input, context }) =>
    stopRecording(context.services, commandContext(context), input),
  ),
  get: api.recordings.get.handler(({ input, context }) =>
    getRecording(context.services, commandContext(context), input),
  ),
  open: api.recordings.open.handler(({ input, context }) =>
    openRecording(context.services, commandContext(context), input),
  ),
};
