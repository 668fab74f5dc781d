const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "there is no permission",
  EPERM: "there is no permission",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOENT: "there is no such file or folder",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
};

/** Why a file could not be read or written, in words, with the system's code. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code !== undefined && code in reasons ? `${reasons[code]} (${code})` : message;
}
