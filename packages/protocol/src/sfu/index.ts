export * from '../media/parameters.ts';
export * from './link.ts';
export * from './messages.ts';
