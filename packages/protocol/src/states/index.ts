export * from './call.ts';
export * from './care.ts';
export * from './transitionTable.ts';
export * from './schedule.ts';
