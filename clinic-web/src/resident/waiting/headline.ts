import type { QueuePlace } from '@cloud-hospital/protocol/rest';

/**
 * What the big line may claim. "You are next" is said only while the specialist is there: "nobody ahead" in front of
 * an empty chair is the oldest broken promise of such queues.
 */
export const headlineOf = ({ ahead, availability }: QueuePlace): 'ahead' | 'next' | 'first' =>
  ahead > 0 ? 'ahead' : availability === 'available' || availability === 'in-call' ? 'next' : 'first';
