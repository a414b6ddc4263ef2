import '@cloud-hospital/call/call.css';
import '@cloud-hospital/call/exchange.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/work.css';
import './styles/arrival.css';
import './styles/preparation.css';
import './styles/device.css';
import './styles/report.css';
import './styles/call.css';
import './styles/print.css';
import './stills/stills.css';
import { mountFace } from '../mountFace.tsx';
import { TerminalApp } from './TerminalApp.tsx';

export function mount(root: HTMLElement): Promise<void> {
  return mountFace(root, {
    face: 'terminal',
    namespaces: ['terminal', 'call', 'people', 'exchange'],
    basename: '/terminal',
    app: <TerminalApp />,
  });
}
