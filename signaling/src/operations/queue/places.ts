/** Where operations get places from. */
export { computePlaces, locatedPlaces } from '../../store/queuePlaces.ts';
