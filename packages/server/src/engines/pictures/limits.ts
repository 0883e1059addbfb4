/** Pixels of one picture that becomes a page; one that says it has more is not read. */
export const pixelsMax = 200_000_000;

/** Bytes of the file of a picture that is read whole. */
export const pictureBytesMax = 256 * 1024 * 1024;

/** Pages of one file of pictures. */
export const picturePagesMax = 5_000;
