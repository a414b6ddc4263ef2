export * from './call.ts';
export * from './care.ts';
export * from './promise.ts';
export * from './recording.ts';
export * from './schedule.ts';
export * from './transitionTable.ts';
