import {
  type CallExchange,
  MessageCaption,
  MessagesPane,
  OpenedPicture,
  StillPreview,
} from '@cloud-hospital/call/exchange';
import { TerminalChat } from './TerminalChat.tsx';

/** Over the stage: the picture before it leaves, the messages, a picture looked at. */
export function ExchangeOverlay({ exchange }: { readonly exchange: CallExchange }) {
  const { encounterId, unread, isOpen, toggle, viewing, view } = exchange;
  const newest = unread.at(-1);
  return (
    <>
      <StillPreview exchange={exchange} />
      {newest === undefined || isOpen ? null : <MessageCaption message={newest} onOpen={toggle} />}
      {isOpen ? (
        <MessagesPane onClose={toggle}>
          <TerminalChat encounterId={encounterId} onOpen={view} />
        </MessagesPane>
      ) : null}
      {viewing === null ? null : (
        <OpenedPicture encounterId={encounterId} attachmentId={viewing} onClose={() => view(null)} />
      )}
    </>
  );
}
