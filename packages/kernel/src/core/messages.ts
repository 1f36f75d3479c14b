/** The sockets of a Jupyter kernel that carry messages. */
export type Channel = "shell" | "control" | "stdin" | "iopub";

/** Header of a Jupyter message (protocol 5.3). */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** One Jupyter message with the channel it travels on; the content is JSON. */
export interface Message {
  channel: Channel;
  header: Header;
  parent_header: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** The version of the Jupyter messaging protocol that kernel and client speak. */
export const protocolVersion = "5.3";

/** What makes a new header: who speaks, and the message's name. */
export interface Sender {
  session: string;
  username: string;
  /** Makes a new unique message id. */
  id: () => string;
}

/** A new message of `type`, answering `parent` where one is given. */
export function createMessage(
  sender: Sender,
  channel: Channel,
  type: string,
  content: Record<string, unknown>,
  parent?: Partial<Header>,
): Message {
  return {
    channel,
    header: {
      msg_id: sender.id(),
      msg_type: type,
      session: sender.session,
      username: sender.username,
      date: new Date().toISOString(),
      version: protocolVersion,
    },
    parent_header: parent ?? {},
    metadata: {},
    content,
    buffers: [],
  };
}
