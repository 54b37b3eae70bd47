/** Enough for the writers of a race to overlap. */
export const GRANTS_A_WRITER = 40
