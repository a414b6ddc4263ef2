import { NavLink } from 'react-router';

export interface AreaLink {
  readonly to: string;
  readonly label: string;
}

/** Between the pages of one area, in the middle of the top bar. The first one is the area's own address. */
export function AreaNav({ label, links }: { readonly label: string; readonly links: readonly AreaLink[] }) {
  return (
    <nav className="c-nav" aria-label={label}>
      {links.map((link, index) => (
        <NavLink key={link.to} to={link.to} end={index === 0} className="c-nav__link">
          {link.label}
        </NavLink>
      ))}
    </nav>
  );
}
