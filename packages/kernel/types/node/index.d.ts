declare var console: { log(...values: unknown[]): void; error(...values: unknown[]): void };
declare function setTimeout(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): number;
declare function require(name: string): any;
