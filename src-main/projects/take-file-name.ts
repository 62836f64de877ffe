import type { Phase } from '../../src-shared/domain/phase.ts';

/** Names that no take has: hidden and half-written files, records beside takes, what file managers leave. */
export function isNoTakeName(name: string): boolean {
  return (
    name.startsWith('.') ||
    name.startsWith('~$') ||
    /\.(json|part|partial|tmp|temp|crdownload|download|filepart|xmp)$/i.test(name) ||
    /^(thumbs\.db|desktop\.ini)$/i.test(name)
  );
}

/** The shot of a folder below `output`: `EP001/SH012` → `EP001_SH012`; null when it is not a shot's folder. */
export function shotOfFolder(folder: string): string | null {
  const match = /^(EP\d{3})\/(SH\d{3,4}[A-Z]?)$/.exec(folder);
  return match ? `${match[1]}_${match[2]}` : null;
}

/** The phase that a file's name ends in, as in `rain_keyframe.png`; null when it says none. */
export function phaseOfName(name: string): Phase | null {
  const match = /_(previs|keyframe|video)\.[^.]+$/i.exec(name);
  return match ? (match[1]?.toLowerCase() as Phase) : null;
}

/** The number in a name of the take pattern, `SH012_T3_keyframe.png` in the folder of SH012; null when it is another name. */
export function takeNumberOfName(name: string, shortShotId: string): number | null {
  const match = /^(SH\d{3,4}[A-Z]?)_T([1-9]\d{0,3})_(?:previs|keyframe|video)\.[^.]+$/.exec(name);
  return match && match[1] === shortShotId ? Number(match[2]) : null;
}
