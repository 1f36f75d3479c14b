import { tf } from "../tf";

// Which models only tfjs's code runs in, and what that code depends on.

type Fields = Readonly<Record<string, unknown>>;

/** What a field of a layer, or of a part of one such as a regularizer, holds. */
interface Setting {
  readonly part: Fields;
  readonly field: string;
  readonly value: unknown;
}

/** All that the steps of a model depend on, besides its weights. */
export type Settings = readonly Setting[];

/** Classes that tfjs itself brings; others may do anything in a step. */
const ownClasses = new Set<unknown>(
  Object.values(tf.serialization.SerializationMap.getMap().classNameMap).map(([ownClass]) => ownClass),
);

/** Says of a class of layers that it does the same in every call, so that steps of models with it may be captured. */
export function allowCapture(layerClass: new (...args: never[]) => tf.layers.Layer): void {
  ownClasses.add(layerClass);
}

/** Whether only code of tfjs runs in a step of the model: its layers, losses and metrics are tfjs's own. */
export function isOnlyTfjs(model: tf.LayersModel): boolean {
  const { loss, metrics, optimizer } = model as tf.LayersModel & { loss: unknown; metrics: unknown };
  const named = [loss, metrics].every((given) => given === undefined || isNamed(given));
  return named && isOwn(optimizer, []) && settingsOf(model) !== undefined;
}

/** The settings of a model's layers; undefined if other code than tfjs's runs in one. */
export function settingsOf(model: tf.LayersModel): Settings | undefined {
  const settings: Setting[] = [];
  return isOwn(model.layers, settings) ? settings : undefined;
}

/** Whether every setting is what it was. */
export function areUnchanged(settings: Settings): boolean {
  for (const { part, field, value } of settings) if (!Object.is(part[field], value)) return false;
  return true;
}

/** Whether losses or metrics are given by name, not as functions. */
function isNamed(given: unknown): boolean {
  if (typeof given === "object" && given !== null) return Object.values(given).every(isNamed);
  return typeof given !== "function";
}

/** Whether an object of a model, and all such objects in its fields, are of known classes; notes their settings. */
function isOwn(part: unknown, settings: Setting[], seen = new Set<unknown>()): boolean {
  if (typeof part !== "object" || part === null || seen.has(part)) return true;
  seen.add(part);
  if (Array.isArray(part)) return part.every((one) => isOwn(one, settings, seen));
  if (!(part instanceof tf.serialization.Serializable)) return true;
  if (part instanceof tf.LayersModel) return isOwn(part.layers, settings, seen);
  if (!ownClasses.has(part.constructor)) return false;
  return Object.entries(part).every(([field, value]) => {
    // Initialisers run before.
    if (/initializer$/i.test(field)) return true;
    if (isUserCode(part, field, value)) return false;
    if (!isData(value)) settings.push({ part: part as unknown as Fields, field, value });
    return isOwn(value, settings, seen);
  });
}

/** Whether a field holds a function in the place of a method, or the one that `setCallHook` has set. */
function isUserCode(part: object, field: string, value: unknown): boolean {
  return typeof value === "function" && (field === "_callHook" || field in (Object.getPrototypeOf(part) as object));
}

/** Lists, tensors and the like, which steps may change. */
function isData(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof tf.serialization.Serializable);
}
