/** Where operations, the outbox's fan-out and views get places from. */
export { computePlaces, type LocatedPlace, locatedPlaces } from '../../store/queuePlaces.ts';
