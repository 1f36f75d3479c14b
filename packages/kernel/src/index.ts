export type { Channel, Header, Message } from "./core/messages";
export { kernelName, kernelSpec, type KernelSpec } from "./client/spec";
export type { Exit } from "./client/process";
export { startKernel } from "./client/kernel";
export type { ExecuteOptions, ExecuteReply, Kernel, KernelInfo, StartOptions } from "./client/types";
