import type { ReactNode } from 'react';

interface ScrollProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** Something that scrolls: a finger moves it, and so do the arrow keys. */
export const Scroll = ({ label, className, children }: ScrollProps) => (
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable without a finger
  <section className={className} aria-label={label} tabIndex={0}>
    {children}
  </section>
);
