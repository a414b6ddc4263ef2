/** Where operations, the outbox's fan-out and views get places from. */
export { affectedQueues, computePlaces, locatedPlaces } from '../../store/queuePlaces.ts';
