import { mountFace } from '../mountFace.tsx';
import { ResidentApp } from './ResidentApp.tsx';

export const mount = (root: HTMLElement): Promise<void> =>
  mountFace(root, { face: 'resident', namespaces: ['resident'], basename: '/', app: <ResidentApp /> });
