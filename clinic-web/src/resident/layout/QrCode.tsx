import { QrCode as PlainQrCode } from '@cloud-hospital/ui/qr';

/** @param size CSS pixels */
export const QrCode = (props: { readonly text: string; readonly label: string; readonly size: number }) => (
  <PlainQrCode {...props} className="r-qr" />
);
