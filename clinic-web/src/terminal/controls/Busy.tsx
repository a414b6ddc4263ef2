import { LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';

/** Somebody waits, and sees for what. */
export const Busy = ({ children }: { readonly children: ReactNode }) => (
  <p className="t-busy" role="status">
    <LoaderCircle className="ch-icon ch-spin" aria-hidden />
    {children}
  </p>
);
