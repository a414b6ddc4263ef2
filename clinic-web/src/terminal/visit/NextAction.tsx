import type { ReactNode } from 'react';

interface NextActionProps {
  /** One sentence on what this is about. */
  readonly hint: ReactNode;
  /** The one big button; none while there is only waiting. */
  readonly primary?: ReactNode;
  /** Smaller ways besides. */
  readonly others?: ReactNode;
}

/** The foot of a person's page: what to do now, as one big button. */
export const NextAction = ({ hint, primary, others }: NextActionProps) => (
  <footer className="t-next" data-testid="next-action">
    <p className="t-next__hint">{hint}</p>
    {primary}
    {others === undefined ? null : <div className="t-next__others">{others}</div>}
  </footer>
);
