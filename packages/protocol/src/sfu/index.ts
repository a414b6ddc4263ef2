export * from '../media/parameters.ts';
export * from '../media/webm.ts';
export * from './link.ts';
export * from './messages.ts';
export * from './recording.ts';
