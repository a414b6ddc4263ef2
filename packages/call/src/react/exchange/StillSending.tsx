import type { EncounterId } from '@cloud-hospital/protocol';
import { UploadTile } from './UploadTile.tsx';
import { useUploads } from './useUploads.ts';

/** What is still on its way from here after the call; it goes on whatever is shown. */
export function StillSending({ encounterId }: { readonly encounterId: EncounterId }) {
  const uploads = useUploads(encounterId);
  const pending = uploads.items.filter(({ state }) => state !== 'done');
  if (pending.length === 0) return null;
  return (
    <ul className="ch-sending">
      {pending.map((item) => (
        <li key={item.key}>
          <UploadTile item={item} uploads={uploads} />
        </li>
      ))}
    </ul>
  );
}
