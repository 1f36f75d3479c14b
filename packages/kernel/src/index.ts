export type { Channel, Header, Message } from "./core/messages";
export { kernelName, kernelSpec, type KernelSpec } from "./client/spec";
export type { Exit } from "./client/process";
export {
  startKernel,
  type ExecuteOptions,
  type ExecuteReply,
  type Kernel,
  type KernelInfo,
  type StartOptions,
} from "./client/kernel";
