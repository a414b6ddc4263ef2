import '@cloud-hospital/call/call.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/work.css';
import './styles/pages.css';
import './styles/call.css';
import './styles/print.css';
import { mountFace } from '../mountFace.tsx';
import { TerminalApp } from './TerminalApp.tsx';

export const mount = (root: HTMLElement): Promise<void> =>
  mountFace(root, { face: 'terminal', namespaces: ['terminal', 'call'], basename: '/terminal', app: <TerminalApp /> });
