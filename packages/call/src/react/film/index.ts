export { FilmPlayer } from './FilmPlayer.tsx';
export { FilmState } from './FilmState.tsx';
export { useRecording } from './useRecording.ts';
