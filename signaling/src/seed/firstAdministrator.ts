/** User name of whoever does everything else from the pages, in an installation without demonstration data. */
export const FIRST_ADMINISTRATOR = 'admin';
