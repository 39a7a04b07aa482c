// What the service tells of itself, in the attributes of the document.

const { world, maxPhotoBytes, maxPhotos } = document.documentElement.dataset;

export const isSandbox = world === "sandbox";
export const plainTitle = (isSandbox ? "SANDBOX – " : "") + document.title;
export const mostBytes = Number(maxPhotoBytes);
export const mostOfOneThing = Number(maxPhotos);

/** Return a size as people say it: `21.4 MB`. */
export function megabytes(bytes) {
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;
}
