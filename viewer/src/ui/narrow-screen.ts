/** px; on a narrower screen a panel is a sheet at the lower edge, and a board in the hall cannot be read. */
export const NARROW = 720;
