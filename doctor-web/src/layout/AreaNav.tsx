import type { ReactNode } from 'react';
import { NavLink } from 'react-router';

export interface AreaLink {
  readonly to: string;
  readonly label: string;
}

interface AreaNavProps {
  readonly label: string;
  readonly links: readonly AreaLink[];
  /** Pages that aren't this app's, and what belongs to all of the area's. */
  readonly children?: ReactNode;
}

/** Between the pages of one area, in the middle of the top bar. The first one is the area's own address. */
export function AreaNav({ label, links, children }: AreaNavProps) {
  return (
    <nav className="c-nav" aria-label={label}>
      {links.map((link, index) => (
        <NavLink key={link.to} to={link.to} end={index === 0} className="c-nav__link">
          {link.label}
        </NavLink>
      ))}
      {children}
    </nav>
  );
}
