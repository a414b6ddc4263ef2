import { lazy } from 'react';

/** With its libraries, loaded when the first picture is opened. */
export const PictureViewer = lazy(async () => ({ default: (await import('./PictureViewer.tsx')).PictureViewer }));
