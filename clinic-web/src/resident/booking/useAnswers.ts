import type { Appointment, BookablePerson, ClinicRef, Department, Specialist } from '@cloud-hospital/protocol/rest';
import { serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useReducer } from 'react';
import { useSearchParams } from 'react-router';
import type { Step } from './answers.ts';

/** The directory changes over days, not over a booking. */
const DIRECTORY_FRESH_MS = 10 * 60_000;

export interface Answers {
  readonly params: URLSearchParams;
  /** False while the things the address names are still being fetched. */
  readonly complete: boolean;
  /** Whom this account may book for: oneself first. */
  readonly people: readonly BookablePerson[];
  /** For whom; where only oneself is possible, that is no question. */
  readonly person: BookablePerson | undefined;
  readonly department: Department | undefined;
  readonly specialist: Specialist | undefined;
  /** The time kept for the person with the chosen specialist, while it lasts. */
  readonly hold: Appointment | undefined;
  /** The same, also when another specialist was chosen since: to be given back when the next time is kept. */
  readonly anyHold: Appointment | undefined;
  /** A time was kept and has run out. */
  readonly holdLost: boolean;
  /** The time that was kept is booked already: in another tab, or the answer to the confirmation got lost. */
  readonly booked: Appointment | undefined;
  readonly clinic: ClinicRef | undefined;
  /** No time suits: they wait for one that is given back. */
  readonly waits: boolean;
  /** From the own phone; the chosen clinic stays responsible. */
  readonly byPhone: boolean;
}

/** The answers so far, from the ids in the address and the lists they come from. */
export function useAnswers(): Answers {
  const [params] = useSearchParams();
  const { query } = useApi();
  const patients = useQuery(query.appointments.patients.queryOptions());
  const people = patients.data?.patients ?? [];
  const departments = useQuery(query.directory.departments.queryOptions({ staleTime: DIRECTORY_FRESH_MS }));
  const department = departments.data?.departments.find(({ code }) => code === params.get('department'));
  const specialists = useQuery(
    query.directory.specialists.queryOptions({
      input: department === undefined ? skipToken : { departmentCode: department.code },
    }),
  );
  const clinics = useQuery(query.directory.clinics.queryOptions({ staleTime: DIRECTORY_FRESH_MS }));
  const holdId = params.get('hold');
  const appointments = useQuery(
    query.appointments.list.queryOptions({
      enabled: holdId !== null,
      // Also while the page is hidden: the hold runs out whether or not anybody looks.
      staleTime: 0,
    }),
  );
  const held = appointments.data?.appointments.find(({ appointmentId }) => appointmentId === holdId);
  const expiresAt = held?.status === 'pending' && held.holdExpiresAt !== null ? Date.parse(held.holdExpiresAt) : null;
  const holds = expiresAt !== null && expiresAt > serverClock.now();
  useRenderAt(expiresAt);
  const matches = held === undefined || held.specialist.practitionerRoleId === params.get('specialist');
  return {
    params,
    complete:
      patients.isSuccess &&
      departments.isSuccess &&
      clinics.isSuccess &&
      (department === undefined || specialists.isSuccess) &&
      // A list that is older than the hold says nothing about it.
      (holdId === null || held !== undefined || (appointments.isSuccess && !appointments.isFetching)),
    people,
    person: people.length === 1 ? people[0] : people.find(({ patientId }) => patientId === params.get('who')),
    department,
    specialist: specialists.data?.specialists.find(
      ({ practitionerRoleId }) => practitionerRoleId === params.get('specialist'),
    ),
    hold: holds && matches ? held : undefined,
    anyHold: holds ? held : undefined,
    holdLost: holdId !== null && appointments.isSuccess && !holds && matches,
    booked: held?.status === 'booked' ? held : undefined,
    clinic: clinics.data?.clinics.find(({ locationId }) => locationId === params.get('clinic')),
    waits: params.get('waitlist') === '1',
    byPhone: holds && matches && held?.phone.allowed === true && params.get('phone') === '1',
  };
}

/** The first question that is still open; later pages send people there. */
export function firstOpenStep({ person, department, specialist, hold, holdLost, clinic, waits }: Answers): Step {
  if (person === undefined) return 'who';
  if (department === undefined) return 'department';
  if (specialist === undefined) return 'specialist';
  if (hold === undefined && !holdLost && !waits) return 'time';
  if (clinic === undefined) return 'clinic';
  return 'confirm';
}

/** Renders once more at that time (server's clock, milliseconds): a hold ends although nothing is heard of it. */
function useRenderAt(time: number | null): void {
  const [, render] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (time === null) return undefined;
    const timer = setTimeout(render, Math.max(0, time - serverClock.now()) + 1);
    return () => clearTimeout(timer);
  }, [time]);
}
