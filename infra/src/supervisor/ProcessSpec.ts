/** How to run one child: all that a supervisor or a test needs to start, watch and stop it. */
export interface ProcessSpec {
  /** Short and unique, e.g. `postgres`, `signaling-1`; names its log and pid file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Run as this user; only root can ask for it. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Text for the child's stdin, e.g. a configuration with a password that must not show in the list of processes. */
  readonly stdin?: string;
  /** A directory handed over open, as file descriptor 3. */
  readonly openDirectory?: string | undefined;
  /** End the child when the process that started it dies, however it dies (Linux). For tests. */
  readonly dieWithParent?: boolean;
  /**
   * Whether that through which it serves is still there, e.g. its socket's file; asked now and then. When not, it is
   * started anew: nobody new could reach it otherwise. Systems clean /tmp, and people do.
   */
  readonly isIntact?: () => boolean;
  /** Before each start: remove what a killed predecessor left. */
  readonly beforeStart?: () => Promise<void>;
  /** Whether it serves by now; asked again and again, and an error means not yet. */
  readonly isReady: () => Promise<boolean>;
  readonly readyTimeoutMs: number;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  readonly stopTimeoutMs: number;
  /** Turns the end of its log into a sentence for people, if it can. */
  readonly explainFailure?: (lastLines: readonly string[]) => string | undefined;
}
