import { create } from 'qrcode';
import { useMemo } from 'react';

interface QrCodeProps {
  readonly text: string;
  readonly label: string;
  readonly className: string;
  /** CSS pixels; without it the class says. */
  readonly size?: number;
}

/** Modules around the code that must stay white, as the standard asks for. */
const QUIET_ZONE = 4;

/** As SVG: sharp on every screen and in print. Medium error correction reads from a fold or a scratched phone. */
export function QrCode({ text, label, className, size }: QrCodeProps) {
  const { path, side } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const rows = Array.from({ length: modules.size }, (_, row) => row);
    const drawn = rows.flatMap((row) =>
      rows.filter((column) => modules.get(row, column) === 1).map((column) => `M${column} ${row}h1v1h-1z`),
    );
    return { path: drawn.join(''), side: modules.size + 2 * QUIET_ZONE };
  }, [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      className={className}
      width={size}
      height={size}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect x={-QUIET_ZONE} y={-QUIET_ZONE} width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
