export * from '../media/parameters.ts';
export * from '../media/quality.ts';
export * from './messages.ts';
export * from './types.ts';
