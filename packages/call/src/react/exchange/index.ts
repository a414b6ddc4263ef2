export { AnnotatedPicture } from './AnnotatedPicture.tsx';
export { AttachmentTile } from './AttachmentTile.tsx';
export { ChatPanel } from './ChatPanel.tsx';
export { UploadTile } from './UploadTile.tsx';
export { useContent } from './useContent.ts';
export { unreadOf, useExchange, useExchangeNews } from './useExchange.ts';
export { useStillCamera, type UsedStillCamera } from './useStillCamera.ts';
export { useUploads } from './useUploads.ts';
export { PictureViewer } from './viewer/lazy.ts';
