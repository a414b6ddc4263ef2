/** From here on a wait is long, and from here on too long. Minutes. */
const LONG = 20;
const VERY_LONG = 40;

export type WaitTone = 'calm' | 'long' | 'very-long';

/** How dark a waiting time is shown; always with words beside the colour. */
export const waitTone = (minutes: number): WaitTone =>
  minutes >= VERY_LONG ? 'very-long' : minutes >= LONG ? 'long' : 'calm';
