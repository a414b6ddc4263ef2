/** Takes one line of progress for a person to read. */
export type Log = (message: string) => void;
