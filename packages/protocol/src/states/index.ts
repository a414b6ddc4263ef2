export * from './call.ts';
export * from './care.ts';
export * from './schedule.ts';
export * from './transitionTable.ts';
export * from './promise.ts';
