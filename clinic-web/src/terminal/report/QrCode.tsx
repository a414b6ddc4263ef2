import { QrCode as PlainQrCode } from '@cloud-hospital/ui/qr';

/** For paper. */
export const QrCode = (props: { readonly text: string; readonly label: string }) => (
  <PlainQrCode {...props} className="t-qr" />
);
