import { Outlet } from 'react-router';
import { TopBar } from '../layout/TopBar.tsx';
import { LiveBanner } from '../live/LiveBanner.tsx';
import { Rail } from './Rail.tsx';
import { Worklist } from './Worklist.tsx';

/** The bar above, today's people on the left, the person in hand on the right. `wide`: the list gives way to a task. */
export const WorkPage = ({ wide = false }: { readonly wide?: boolean }) => (
  <div className="t-work" data-testid="work-page">
    <TopBar />
    <LiveBanner />
    <div className="t-work__columns" data-wide={wide}>
      {wide ? <Rail /> : <Worklist />}
      <main className="t-work__main">
        <Outlet />
      </main>
    </div>
  </div>
);
