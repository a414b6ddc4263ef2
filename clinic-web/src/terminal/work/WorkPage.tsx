import { Outlet } from 'react-router';
import { LiveBanner } from '../live/LiveBanner.tsx';
import { TopBar } from '../layout/TopBar.tsx';
import { Worklist } from './Worklist.tsx';

/** The bar above, today's people on the left, the person in hand on the right. */
export const WorkPage = () => (
  <div className="t-work" data-testid="work-page">
    <TopBar />
    <LiveBanner />
    <div className="t-work__columns">
      <Worklist />
      <main className="t-work__main">
        <Outlet />
      </main>
    </div>
  </div>
);
