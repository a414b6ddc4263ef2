export * from './callState.types.ts';
export type { SignalState } from './signal/SignalState.ts';
