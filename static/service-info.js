// The service's settings, from the attributes of the document.

const { dataset } = document.documentElement;

export const isSandbox = dataset.world === "sandbox";
export const baseTitle = (isSandbox ? "SANDBOX – " : "") + document.title;
export const maxPhotoBytes = Number(dataset.maxPhotoBytes);
export const maxPhotos = Number(dataset.maxPhotos);
export const isSignedIn = dataset.session === "cookie";
/** Keeps the lists of those who sign in on one browser apart; `""` where nobody does. */
export const listOwner = dataset.owner;
export const defaultCountry = dataset.country;
export const defaultCurrency = dataset.currency;
/** The marketplaces that a decision can be asked for. */
export const marketplaces = dataset.marketplaces.split(" ");

/** Format a size in bytes: `21.4 MB`. */
export function megabytes(bytes) {
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;
}
