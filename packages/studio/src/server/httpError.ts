/** A refusal or failure that the client is told about: an HTTP status, a sentence for the reader, a word for programs. */
export class HttpError extends Error {
  /**
   * @param status - HTTP status, 400 to 599
   * @param message - what happened and what to do, in words that a page can show
   * @param reason - one word that a program can compare, such as "token" or "disk-full"
   */
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string,
  ) {
    super(message);
    this.name = "HttpError";
  }
}
