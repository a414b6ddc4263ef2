/** The clinic terminal: `/terminal` (router basename), face `terminal`, namespaces `terminal` and `call` loaded. */
export const TerminalApp = () => <main data-testid="terminal-app" />;
