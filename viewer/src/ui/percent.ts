/** A share as whole percents. Only a whole is 100 %, and only nothing is 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1";
  return String(share < 1 ? Math.min(99, Math.round(share * 100)) : 100);
}
