export * from '../media/parameters.ts';
export * from './messages.ts';
export * from './types.ts';
