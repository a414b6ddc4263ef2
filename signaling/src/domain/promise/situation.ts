import type { Habits } from './habits.ts';
import type { Pace } from './pace.ts';

/** A specialist who serves the queue. All times in minutes from now. */
export interface Server {
  readonly id: string;
  /** The lines they call from, e.g. their own and the pool of their department. */
  readonly lines: readonly string[];
  readonly pace: Pace;
  readonly state: /** Free since `idle` minutes. */
    | { readonly kind: 'free'; readonly idle: number }
    | { readonly kind: 'ringing' }
    | { readonly kind: 'serving'; readonly elapsed: number }
    /** On a break, or before the session: back in `back` minutes. */
    | { readonly kind: 'away'; readonly back: number };
}

/** Where somebody stands: lower is called first. Classes of the queue's order, then minutes from now. */
export interface Order {
  readonly class: number;
  readonly due: number;
}

/** Somebody who will be called from this queue. */
export interface Person {
  readonly id: string;
  readonly line: string;
  readonly order: Order;
  readonly presence:
    | { readonly kind: 'ready' }
    /** Checked in `since` minutes ago and still being prepared. */
    | { readonly kind: 'preparing'; readonly since: number }
    /** Booked and not here yet. */
    | { readonly kind: 'booked' };
  /** The appointed time; null: walked in. */
  readonly start: number | null;
  readonly terminal: string | null;
}

/** Somebody of another queue who takes the same terminal sooner or later. */
export interface OtherCall {
  readonly id: string;
  readonly terminal: string;
  readonly when:
    | { readonly kind: 'serving'; readonly elapsed: number }
    /** Waits, with so many before them in their own queue. */
    | { readonly kind: 'waiting'; readonly before: number }
    | { readonly kind: 'booked'; readonly start: number };
}

/** Everything expected times are computed from: of one queue, or of all that are called from together. */
export interface QueueSituation {
  /** Those who are here or will be; none: nothing can be promised. */
  readonly servers: readonly Server[];
  /** In calling order as far as they wait already; the booked anywhere. */
  readonly people: readonly Person[];
  readonly others: readonly OtherCall[];
  readonly habits: Habits;
}
