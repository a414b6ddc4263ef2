import { mountFace } from '../mountFace.tsx';
import { TerminalApp } from './TerminalApp.tsx';

export const mount = (root: HTMLElement): Promise<void> =>
  mountFace(root, { face: 'terminal', namespaces: ['terminal', 'call'], basename: '/terminal', app: <TerminalApp /> });
