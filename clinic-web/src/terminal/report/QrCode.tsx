import { create } from 'qrcode';
import { useMemo } from 'react';

/** As SVG, sharp on every printer. Medium error correction survives a fold in the paper. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, side } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const rows = Array.from({ length: modules.size }, (_, row) => row);
    const drawn = rows.flatMap((row) =>
      rows.filter((column) => modules.get(row, column) === 1).map((column) => `M${column} ${row}h1v1h-1z`),
    );
    return { path: drawn.join(''), side: modules.size };
  }, [text]);
  // Four modules of quiet zone, as the standard asks for.
  return (
    <svg
      role="img"
      aria-label={label}
      className="t-qr"
      viewBox={`-4 -4 ${side + 8} ${side + 8}`}
      shapeRendering="crispEdges"
    >
      <rect x={-4} y={-4} width={side + 8} height={side + 8} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
