import type { Handler } from './context.ts';

export const startRecording: Handler<'recording:start'> = (request, { rooms, recordings }) => {
  recordings.start(rooms.assertAndGetRoom(request.roomId, request.epoch), request);
  return {};
};

export const stopRecording: Handler<'recording:stop'> = ({ recordingId }, { recordings }) => {
  recordings.stop(recordingId);
  return {};
};
