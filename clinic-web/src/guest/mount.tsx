import '@cloud-hospital/call/call.css';
import { mountFace } from '../mountFace.tsx';
import { GuestApp } from './GuestApp.tsx';

export const mount = (root: HTMLElement): Promise<void> =>
  mountFace(root, { face: 'guest', namespaces: ['guest', 'call'], basename: '/g', app: <GuestApp /> });
