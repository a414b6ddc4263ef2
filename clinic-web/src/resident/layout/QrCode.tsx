import { create } from 'qrcode';
import { useMemo } from 'react';

interface QrCodeProps {
  readonly text: string;
  readonly label: string;
  /** CSS pixels. */
  readonly size: number;
}

/** As SVG: sharp on every screen and in print. Medium error correction reads well from a scratched phone. */
export function QrCode({ text, label, size }: QrCodeProps) {
  const { path, side } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    let drawn = '';
    for (let row = 0; row < modules.size; row += 1) {
      for (let column = 0; column < modules.size; column += 1) {
        if (modules.get(row, column) === 1) drawn += `M${column} ${row}h1v1h-1z`;
      }
    }
    return { path: drawn, side: modules.size };
  }, [text]);
  // Four modules of quiet zone, as the standard asks for.
  return (
    <svg
      role="img"
      aria-label={label}
      className="r-qr"
      width={size}
      height={size}
      viewBox={`-4 -4 ${side + 8} ${side + 8}`}
      shapeRendering="crispEdges"
    >
      <rect x={-4} y={-4} width={side + 8} height={side + 8} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
