import { ChevronRight, type LucideIcon } from 'lucide-react';
import { Link } from 'react-router';

interface HomeRowProps {
  readonly to: string;
  readonly testId: string;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly hint: string;
}

/** One of the places that the home page leads to. */
export const HomeRow = ({ to, testId, icon: Icon, title, hint }: HomeRowProps) => (
  <li>
    <Link to={to} className="r-row" data-testid={testId}>
      <Icon className="ch-icon r-row__lead-icon" aria-hidden />
      <span className="r-row__body">
        <span className="r-row__title">{title}</span>
        <span className="r-muted r-small">{hint}</span>
      </span>
      <ChevronRight className="ch-icon" aria-hidden />
    </Link>
  </li>
);
