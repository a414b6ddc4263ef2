import { EXPECTED_SHOWS, type PeerShows } from '@cloud-hospital/protocol/socket';

const isEqual = (one: PeerShows, other: PeerShows): boolean =>
  one.mode === other.mode &&
  one.hasExamination === other.hasExamination &&
  one.receives === other.receives &&
  one.carries === other.carries;

export interface ShowsTellerOptions<Session> {
  /** Others may hear it: the room is open, and this is still our session. */
  readonly isOpen: (session: Session) => boolean;
  readonly tell: (session: Session, shows: PeerShows) => Promise<unknown>;
  readonly failed: (session: Session, error: unknown) => void;
}

/**
 * Tells the others what is shown here: one word at a time, the newest last. Of two under way at once the server might tell
 * the older one last, and slides would come without a word why.
 */
export class ShowsTeller<Session> {
  readonly #options: ShowsTellerOptions<Session>;
  #shows: PeerShows = EXPECTED_SHOWS;
  /** The others have, or may have, heard something else than what they expect. */
  #hasSaid = false;
  /** Something has changed since it was last put into words. */
  #unsaid = false;
  #saying: Session | null = null;

  constructor(options: ShowsTellerOptions<Session>) {
    this.#options = options;
  }

  /** @param session in which to tell it at once, if there is one */
  set(change: Partial<PeerShows>, session: Session | null): void {
    const next = { ...this.#shows, ...change };
    if (isEqual(next, this.#shows)) return;
    this.#shows = next;
    if (session !== null) this.#say(session);
  }

  /** To somebody who came, or after a return: what isn't as expected, or was told to be otherwise before. */
  repeat(session: Session): void {
    if (this.#hasSaid || !isEqual(this.#shows, EXPECTED_SHOWS)) this.#say(session);
  }

  #say(session: Session): void {
    this.#hasSaid = true;
    this.#unsaid = true;
    if (this.#saying !== session) void this.#sayUnsaid(session);
  }

  async #sayUnsaid(session: Session): Promise<void> {
    const { isOpen, tell, failed } = this.#options;
    this.#saying = session;
    try {
      // What changes in one go is one word.
      await Promise.resolve();
      while (this.#unsaid && isOpen(session)) {
        this.#unsaid = false;
        await tell(session, this.#shows);
      }
    } catch (error) {
      failed(session, error);
    } finally {
      if (this.#saying === session) this.#saying = null;
    }
  }
}
