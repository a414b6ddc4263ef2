import type { ClinicDecision } from '@cloud-hospital/protocol/states';
import type { DepartmentCode, PractitionerRoleId } from '@cloud-hospital/protocol';
import type { Appointment, Consent, ConsentInput, PatientRef, VitalCode } from '@cloud-hospital/protocol/rest';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { z } from 'zod';

/** What each page keeps of what was typed and not saved. */
export interface DraftKinds {
  readonly visit: { readonly vitalsSkipped: boolean };
  readonly vitals: { readonly values: { readonly [Code in VitalCode]?: string } };
  readonly consent: {
    readonly method: z.infer<typeof ConsentInput>['method'];
    readonly recording: Extract<Consent['status'], 'active' | 'rejected'> | null;
  };
  readonly checkIn: { readonly identityNumber: string };
  readonly walkIn: WalkInDraft;
  readonly desk: DeskDraft;
  readonly decision: { readonly decision: ClinicDecision; readonly reason: string };
}

export interface WalkInDraft {
  readonly step: 'person' | 'visit';
  readonly identityNumber: string;
  readonly name: string;
  readonly phone: string;
  readonly departmentCode: DepartmentCode | null;
  /** `pool`: whoever of the department is free first. */
  readonly practitionerRoleId: PractitionerRoleId | 'pool' | null;
  readonly complaint: string;
  readonly urgent: boolean;
}

export interface DeskDraft {
  readonly step: 'person' | 'resident' | 'time' | 'done';
  readonly person: WalkInDraft;
  readonly patient: PatientRef | null;
  /** The appointment that gets another time; null: a new one. */
  readonly moving: Appointment | null;
  readonly departmentCode: DepartmentCode | null;
  readonly practitionerRoleId: PractitionerRoleId | null;
  /** The time that is kept meanwhile. */
  readonly hold: Appointment | null;
  readonly complaint: string;
  readonly booked: Appointment | null;
}

type Kind = keyof DraftKinds;
type Stores = { readonly [K in Kind]: Map<string, DraftKinds[K]> };

const emptyStores = (): Stores => ({
  visit: new Map(),
  vitals: new Map(),
  consent: new Map(),
  checkIn: new Map(),
  walkIn: new Map(),
  desk: new Map(),
  decision: new Map(),
});

const DraftsContext = createContext<{ readonly stores: Stores; readonly clear: () => void } | null>(null);

/**
 * Going back, to somebody else, into a call or through a new sign-in loses nothing that was typed. In memory only: the
 * terminal's disk holds no patient data.
 */
export function DraftsProvider({ children }: { readonly children: ReactNode }) {
  const [stores, setStores] = useState(emptyStores);
  const drafts = useMemo(() => ({ stores, clear: () => setStores(emptyStores()) }), [stores]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

function useDrafts() {
  const drafts = useContext(DraftsContext);
  if (drafts === null) throw new TypeError('useDraft outside of <DraftsProvider>');
  return drafts;
}

/** Somebody else works here from now on. */
export const useClearDrafts = (): (() => void) => useDrafts().clear;

interface Draft<T> {
  readonly value: T;
  readonly change: (patch: Partial<T>) => void;
  readonly forget: () => void;
}

/** @param key whose draft it is; a component that shows another one needs another React key */
export function useDraft<K extends Kind>(kind: K, key: string, initial: DraftKinds[K]): Draft<DraftKinds[K]> {
  const store: Map<string, DraftKinds[K]> = useDrafts().stores[kind];
  const [value, setValue] = useState<DraftKinds[K]>(() => store.get(key) ?? initial);
  return {
    value,
    change: (patch) => {
      // To what is kept by now: an answer that comes late brings the `change` of an older render with it.
      const after = { ...(store.get(key) ?? initial), ...patch };
      store.set(key, after);
      setValue(after);
    },
    forget: () => {
      store.delete(key);
      setValue(initial);
    },
  };
}
