export { CallClient, type CallClientOptions } from './CallClient.ts';
export { type CallEvent, callReducer, hasProblem, INITIAL_CALL_STATE, streamsOf } from './callState.ts';
export * from './callState.types.ts';
export { type LineFault, lineFault } from './lineTest/lineFigures.ts';
export { LineBlocked, measureLine } from './lineTest/measureLine.ts';
export { recallDevices } from './local/rememberedDevices.ts';
export type { VideoCodec } from './local/encodings.ts';
export { SignalClient, type RequestOptions, type SignalClientOptions } from './signal/SignalClient.ts';
export type { SignalState } from './signal/SignalState.ts';
