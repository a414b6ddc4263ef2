import { useState } from 'react';

/** Of this tab only, gone when it is closed: a phone may be shared. */
const KEY = 'ch.complaint';

export const readComplaint = (): string => sessionStorage.getItem(KEY) ?? '';
export function writeComplaint(text: string): void {
  if (text === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, text);
}

export function useComplaint(): [string, (text: string) => void] {
  const [complaint, setComplaint] = useState(readComplaint);
  return [
    complaint,
    (text) => {
      setComplaint(text);
      writeComplaint(text);
    },
  ];
}
